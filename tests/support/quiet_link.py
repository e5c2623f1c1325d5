"""A way to a server that may fall silent without a word, as firewalls and networks do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class QuietLink:
    """Passes bytes on between clients and the server at ``port``; ``at`` is where it listens."""

    port: int
    at: int = 0
    silent: bool = False
    """Whether it passes nothing on, though it takes everything."""
    _forgotten: set[asyncio.Task[None]] = field(default_factory=set)
    _standing: set[asyncio.Task[None]] = field(default_factory=set)

    def forget(self) -> None:
        """Pass nothing on any more over the connections that stand; new ones are well."""
        self._forgotten |= self._standing

    async def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        task = asyncio.current_task()
        assert task is not None
        self._standing.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", self.port)

        async def passed(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                if not self.silent and task not in self._forgotten:
                    to.write(data)
            to.close()

        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(passed(reader, back))
                both.create_task(passed(there, writer))
        except* ConnectionError:
            pass
        finally:
            self._standing.discard(task)
            writer.close()
            back.close()


@asynccontextmanager
async def quiet_link(port: int, at: int = 0) -> AsyncIterator[QuietLink]:
    """Open a way to the server at that port, until the block ends; ``at``: 0 is any free port."""
    link = QuietLink(port)
    server = await asyncio.start_server(link.come, "127.0.0.1", at)
    link.at = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
