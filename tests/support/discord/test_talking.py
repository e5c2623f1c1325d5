"""People and a plain discord.py client talk through the fake, over its real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import Answer

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def aim(fake: FakeDiscord) -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.api_url, URL(fake.gateway_url)


class Question(ui.Modal, title="Rivers"):
    what = ui.Label(text="What?", component=ui.TextInput(custom_id="what", max_length=20))
    kind = ui.Label(
        text="Which?",
        component=ui.Select(
            custom_id="which",
            options=[discord.SelectOption(label="One", value="1")],
            required=False,
            min_values=0,
        ),
    )
    who = ui.Label(
        text="Who?",
        component=ui.UserSelect(custom_id="who", required=False, min_values=0, max_values=2),
    )
    file = ui.Label(text="File?", component=ui.FileUpload(custom_id="file", required=False))

    def __init__(self, told: list[Any]) -> None:
        super().__init__(custom_id="write")
        self.told = told

    async def on_submit(self, interaction: discord.Interaction) -> None:
        uploads = [await each.read() for each in self.file.component.values]  # type: ignore[attr-defined]
        people = [each.name for each in self.who.component.values]  # type: ignore[attr-defined]
        self.told.append((self.what.component.value, people, uploads))  # type: ignore[attr-defined]
        await interaction.response.edit_message(content="Written", view=None)


class Client(discord.Client):
    """An app of the tests' own; ``told`` is what it was told."""

    def __init__(self, fake: FakeDiscord) -> None:
        aim(fake)
        super().__init__(intents=INTENTS, guild_ready_timeout=0.05)
        self.fake = fake
        self.told: list[Any] = []
        self.tree = app_commands.CommandTree(self)
        group = app_commands.Group(name="coplan", description="Plans")
        group.command(name="start", description="Start a plan")(self.start_plan)
        group.command(name="slow", description="Think")(self.slow)
        group.command(name="silent", description="Say nothing")(self.silent)
        self.tree.add_command(group)
        self.tree.add_command(app_commands.ContextMenu(name="Add", callback=self.add))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait for five seconds."""

    async def start_plan(
        self,
        interaction: discord.Interaction,
        title: str,
        partner: discord.Member | None = None,
    ) -> None:
        self.told.append(("start", title, partner and partner.display_name))
        view = ui.View(timeout=None)
        view.add_item(ui.Button(label="Write", custom_id="go"))
        words = f"**{discord.utils.escape_markdown(title)}** at <t:0:D>"
        await interaction.response.send_message(words, view=view, ephemeral=True)

    async def slow(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content="Done")

    async def silent(self, interaction: discord.Interaction) -> None:
        self.told.append(("silent", interaction.user.name))

    async def add(self, interaction: discord.Interaction, message: discord.Message) -> None:
        self.told.append(("add", message.content))
        await interaction.response.send_message("Added", ephemeral=True)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(Question(self.told))

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.told.append(("message", message.content))


@asynccontextmanager
async def client(fake: FakeDiscord) -> AsyncIterator[Client]:
    made = Client(fake)
    task = asyncio.create_task(made.start(fake.token))
    await fake.breaks.connected()
    async with asyncio.timeout(30):
        while not fake.world.app.commands:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    await fake.gateway.caught_up()  # it knows its session, and can resume it
    yield made
    await made.close()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        yield made


def taken(answer: Answer | None) -> Answer:
    assert answer is not None
    assert answer.acknowledged
    return answer


async def test_command_button_modal(fake: FakeDiscord) -> None:
    ana, ben = fake.user("Ana"), fake.user("Ben")
    async with client(fake) as app:
        taken(await ana.command('/coplan start "A_B *c*" @Ben'))
        assert ana.sees("A_B *c* at January 1, 1970", within="Only you can see this")
        assert not ben.sees("Write")
        taken(await ana.clicks("Write"))
        assert ana.modal is not None
        assert await ana.submits() is None
        assert ana.sees("This field is required")
        ana.filling.fill("What?", "yes")
        ana.filling.fill("Who?", "Ben")
        ana.filling.attach("File?", ana.file("a.txt", b"12"))
        taken(await ana.submits())
        assert ana.modal is None
        assert ana.sees("Written")
        assert not ana.sees("A_B")
    assert app.told == [("start", "A_B *c*", "Ben"), ("yes", ["ben"], [b"12"])]
    assert fake.problems() == []


async def test_thinking_and_menus(fake: FakeDiscord) -> None:
    ana = fake.user("Ana")
    async with client(fake) as app:
        taken(await ana.command("/coplan slow"))
        async with asyncio.timeout(30):
            while not ana.sees("Done"):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)
        taken(await ana.menu("Add", await ana.says("secret")))
    assert app.told == [("message", ""), ("add", "secret")]
    assert fake.problems() == []


async def test_an_app_that_says_nothing(fake: FakeDiscord) -> None:
    fake.world.answer_within = 0.2
    ana = fake.user("Ana")
    async with client(fake):
        answer = await ana.command("/coplan silent")
    assert not answer.acknowledged
    assert fake.problems() == ["Ana: The application did not respond"]


async def test_what_an_app_may_read(fake: FakeDiscord) -> None:
    ana = fake.user("Ana")
    async with client(fake) as app:
        await ana.says("secret")
        await ana.mentions("next")
        ana.goes_to_app()
        await ana.says("hello")
        await fake.gateway.caught_up()
    bot = fake.world.app.id
    assert app.told == [("message", text) for text in ("", f"<@{bot}> next", "hello")]


@pytest.mark.parametrize("way", ["reconnect", "cut"])
async def test_a_session_that_is_resumed_misses_nothing(fake: FakeDiscord, way: str) -> None:
    ana = fake.user("Ana")
    async with client(fake) as app:
        for number in range(20):
            await ana.mentions(f"before {number}")
            if number % 5 == 0:
                opened = fake.gateway.opened
                getattr(fake.breaks, way)()
                await ana.mentions(f"meanwhile {number}")
                await fake.breaks.connected(opened=opened + 1)
        await fake.gateway.caught_up()
    words = [text.split(" ", 1)[1] for _, text in app.told]
    assert sorted(words) == sorted(
        [f"before {n}" for n in range(20)] + [f"meanwhile {n}" for n in (0, 5, 10, 15)]
    )
    assert (fake.gateway.resumed, fake.gateway.identified) == (4, 1)


async def test_a_session_that_ended_misses_what_was_said_meanwhile(fake: FakeDiscord) -> None:
    ana = fake.user("Ana")
    async with client(fake) as app:
        fake.breaks.lose_sessions()
        await ana.mentions("meanwhile")
        await fake.breaks.connected(opened=2, within=20)
        await ana.mentions("after")
        await fake.gateway.caught_up()
    assert [text.split(" ", 1)[1] for _, text in app.told] == ["after"]
    assert fake.gateway.identified == 2


async def test_heartbeats_that_nobody_acknowledges(fake: FakeDiscord) -> None:
    aim(fake)
    fake.gateway.beat, fake.gateway.deaf = 0.2, True
    app = discord.Client(intents=INTENTS, heartbeat_timeout=0.5)
    task = asyncio.create_task(app.start(fake.token))
    await fake.breaks.connected(opened=2, within=20)
    assert fake.gateway.closes == [], "the app gave it up, not Discord"
    await app.close()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_app_without_a_heartbeat(fake: FakeDiscord) -> None:
    fake.gateway.beat = 0.05
    async with aiohttp.ClientSession() as session:
        address = f"{fake.gateway_url}?v=10&encoding=json"
        async with session.ws_connect(address) as socket:
            assert (await socket.receive_json())["d"]["heartbeat_interval"] == 50
            assert (await socket.receive()).data == 4009


@pytest.mark.parametrize(
    ("intents", "code"), [(discord.Intents.all(), 4014), (discord.Intents.default(), 0)]
)
async def test_privileged_intents(fake: FakeDiscord, intents: discord.Intents, code: int) -> None:
    aim(fake)
    app = discord.Client(intents=intents)
    task = asyncio.create_task(app.start(fake.token))
    if code:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await task
    else:
        await fake.breaks.connected()
    await app.close()
    await asyncio.gather(task, return_exceptions=True)
    assert fake.gateway.closes == [code] * bool(code)


async def test_a_wrong_token(fake: FakeDiscord) -> None:
    aim(fake)
    app = discord.Client(intents=INTENTS)
    with pytest.raises(discord.LoginFailure):
        await app.start("wrong")
    await app.close()
    assert fake.api.invalid == 1


async def test_two_shards_hear_of_a_guild_once(fake: FakeDiscord) -> None:
    aim(fake)
    ana = fake.user("Ana")
    told = []

    class Many(discord.AutoShardedClient):
        async def before_identify_hook(self, shard_id: int | None, *, initial: bool) -> None:
            """Do not wait for five seconds."""

        async def on_message(self, message: discord.Message) -> None:
            told.append((message.content, self.get_guild(int(fake.guild.id)).shard_id))  # type: ignore[union-attr]

    app = Many(intents=INTENTS, shard_count=2, guild_ready_timeout=0.05)
    task = asyncio.create_task(app.start(fake.token))
    await fake.breaks.connected(2, within=20)
    await ana.mentions("next")
    await fake.gateway.caught_up()
    await app.close()
    await asyncio.gather(task, return_exceptions=True)
    assert [shard for _, shard in told] == [fake.gateway.shard(fake.guild.id, 2)]


async def test_sessions_run_out(fake: FakeDiscord) -> None:
    aim(fake)
    fake.world.starts_left = 1
    for _ in range(2):
        app = discord.Client(intents=INTENTS)
        task = asyncio.create_task(app.start(fake.token))
        await asyncio.wait([task], timeout=0.5)
        await app.close()
        await asyncio.gather(task, return_exceptions=True)
    assert fake.gateway.closes == [4004], "the token was taken back"
    assert fake.gateway.identified == 1


async def test_sessions_are_begun_one_after_another(fake: FakeDiscord) -> None:
    aim(fake)
    fake.gateway.paced = True
    apps = [discord.Client(intents=INTENTS) for _ in range(2)]
    tasks = [asyncio.create_task(app.start(fake.token)) for app in apps]
    await fake.breaks.connected()
    assert fake.gateway.identified == 1
    await fake.breaks.connected(2, within=20)
    for app in apps:
        await app.close()
    await asyncio.gather(*tasks, return_exceptions=True)
