"""files.*: the three steps of an upload, and downloads."""

from pathlib import PurePath

from aiohttp import web

from tests.support.slack.api_chat import checked, pings, thread_of
from tests.support.slack.methods import Call, Refused, method
from tests.support.slack.world import File, Json, Message, Team, World


@method("files.getUploadURLExternal", "filename", "length", scopes=("files:write",), tier=4)
def get_upload_url(call: Call) -> Json:
    """Announce a file."""
    length = int(call.args["length"])
    if length <= 0:
        raise Refused("invalid_arguments", "length must be greater than 0")
    name = str(call.args["filename"])
    made = File(
        id=call.world.id("F0"),
        name=name,
        title=name,
        owner=call.team.bot.id,
        length=length,
        alt=str(call.args.get("alt_txt") or ""),
    )
    call.team.files[made.id] = made
    return {
        "upload_url": f"{call.world.address}/upload/v1/{call.team.id}/{made.id}",
        "file_id": made.id,
    }


@method("files.completeUploadExternal", "files", scopes=("files:write",), tier=4)
def complete_upload(call: Call) -> Json:
    """Make uploaded files real, and show them in a channel where one is named."""
    found = [_uploaded(call, each) for each in call.args["files"]]
    channel = call.channel(writing=True) if call.args.get("channel_id") else None
    if channel is not None:
        text = str(call.args.get("initial_comment") or "")
        blocks = checked(call, call.args.get("blocks") or [])
        message = Message(
            ts=call.world.ts(),
            channel=channel.id,
            user=call.team.bot.id,
            text=text,
            blocks=blocks,
            thread=thread_of(call, channel),
            files=found,
            pings=pings(text, blocks),
        )
        channel.messages.append(message)
    for file in found:
        file.shared = True
        file.ready_at = call.world.monotonic() + call.world.processing
    return {"files": [shown_file(call.world, call.team, file) for file in found]}


@method("files.info", "file", scopes=("files:read",), tier=4)
def files_info(call: Call) -> Json:
    """Tell about a file."""
    file = call.team.files.get(str(call.args["file"]))
    if file is None or not file.shared:
        raise Refused("file_not_found")
    return {"file": shown_file(call.world, call.team, file)}


def shown_file(world: World, team: Team, file: File) -> Json:
    """Return a file as Slack's API and payloads show it; ``mimetype`` is empty while processed."""
    ending = PurePath(file.name).suffix.removeprefix(".")
    ready = world.monotonic() >= file.ready_at
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": (_MEDIA.get(ending, "application/octet-stream")) if ready else "",
        "filetype": ending,
        "size": file.length,
        "user": file.owner,
        "mode": "hosted",
        "file_access": "visible",
        "url_private": f"{world.address}/files-pri/{team.id}-{file.id}/{file.name}",
        "url_private_download": f"{world.address}/files-pri/{team.id}-{file.id}/{file.name}",
    }


_MEDIA = {"png": "image/png", "json": "application/json", "csv": "text/csv", "txt": "text/plain"}


def _uploaded(call: Call, given: Json) -> File:
    file = call.team.files.get(str(given.get("id")))
    if file is None or file.content is None or file.shared:
        raise Refused("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file


def routes(world: World) -> list[web.RouteDef]:
    """Return where bytes are sent to and fetched from."""

    async def upload(request: web.Request) -> web.Response:
        team = world.teams.get(request.match_info["team"])
        file = team.files.get(request.match_info["file"]) if team else None
        content = await request.read()
        if file is None or file.content is not None or len(content) != file.length:
            return web.Response(status=400, text="invalid upload")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(request: web.Request) -> web.Response:
        number, _, name = request.match_info["file"].partition("-")
        team = world.teams.get(number)
        file = team.files.get(name) if team else None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if file is None or team is None:
            return web.Response(status=404, text="not found")
        giver = team.enterprise or team
        if token != giver.token or giver.revoked or "files:read" not in team.scopes:
            return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
        return web.Response(body=file.content, content_type="application/octet-stream")

    return [
        web.post("/upload/v1/{team}/{file}", upload),
        web.get("/files-pri/{file}/{name}", download),
    ]
