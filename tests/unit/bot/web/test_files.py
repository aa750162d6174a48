import io

import httpx
import pytest
from PIL import Image
from sqlmodel import Session

from bot.pictures import LONGEST_SIDE
from db import files
from handlers import wording_web
from tests.webserver import Page, WebServer


def _photo(
    size: tuple[int, int] = (40, 20), kind: str = "JPEG", orientation: int = 1, mode: str = "RGB"
) -> bytes:
    """A red picture with a camera's name in it."""
    image, stored = Image.new(mode, size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "Camera of Wang Wu", orientation
    image.save(stored, kind, exif=exif)
    return stored.getvalue()


def _upload(page: Page, content: bytes) -> httpx.Response:
    return page.post("/api/files", files={"file": ("x.jpg", content)})


def _stored(page: Page, content: bytes) -> Image.Image:
    answer = _upload(page, content)
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(page.client.get(f"/files/{answer.json()['id']}").content))


def test_a_photo_is_stored_and_sent_as_a_turn(member: Page) -> None:
    photo = _upload(member, _photo()).json()["id"]
    turn = member.turn(photo=photo)
    assert turn.status_code == 200
    assert member.hears()[0]["spans"][1][0] == f"：photo {photo}"
    assert member.history()["items"][0]["photo"] == photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_when_and_with_what_it_was_taken_is_removed(member: Page, kind: str) -> None:
    photo = _upload(member, _photo(kind=kind)).json()["id"]
    content = member.client.get(f"/files/{photo}").content
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    assert b"Camera" not in content and b"Exif" not in content


def test_a_photo_taken_sideways_is_upright(member: Page) -> None:
    assert _stored(member, _photo((40, 20), orientation=6)).size == (20, 40)


def test_a_large_photo_is_made_smaller(member: Page) -> None:
    assert _stored(member, _photo((4000, 3000))).size == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


def test_what_is_transparent_becomes_white(member: Page) -> None:
    image, stored = Image.new("RGBA", (8, 8), (0, 0, 0, 0)), io.BytesIO()
    image.save(stored, "PNG")
    assert _stored(member, stored.getvalue()).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 cut short", _photo()[:400], b"GIF89a" + b"\0" * 50]
)
def test_what_is_no_photo_is_refused(member: Page, content: bytes) -> None:
    answer = _upload(member, content)
    assert (answer.status_code, answer.json()["message"]) == (422, wording_web.NO_PHOTO)


def test_a_form_without_a_file_is_refused(member: Page) -> None:
    assert member.post("/api/files", data={"file": "x"}).status_code == 422
    assert member.post("/api/files", content=b"x").status_code == 422


def test_too_large_a_photo_is_refused(member: Page) -> None:
    assert _upload(member, b"\xff\xd8" + bytes(21 * 2**20)).status_code == 413


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(member: Page) -> None:
    assert _upload(member, _photo((10_000, 8_000), "PNG", mode="1")).status_code == 413


def test_visitors_may_not_send_photos(visitor: Page) -> None:
    assert _upload(visitor, _photo()).json() == {"message": wording_web.MEMBERS_ONLY}


def test_a_photo_is_shown_in_its_own_chat_only(server: WebServer, member: Page, visitor: Page) -> None:
    photo = _upload(member, _photo()).json()["id"]
    assert visitor.client.get(f"/files/{photo}").status_code == 404
    assert httpx.get(f"{server.url}/files/{photo}").status_code == 401
    other = Page(server).sign_in(server.invitation("李四"))
    assert other.turn(photo=photo).json() == {"message": wording_web.PHOTO_UNKNOWN}


def test_a_file_cannot_run_anything(server: WebServer, visitor: Page) -> None:
    def store(session: Session) -> int:
        return files.store(
            session, chat=visitor.chat, content=b"<script>", media_type="text/html", name='名 "1".html',
            now=server.clock(),
        )  # fmt: skip

    answer = visitor.client.get(f"/files/{server.in_session(store)}")
    assert answer.content == b"<script>"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%90%8D%20%221%22.html"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("number", ["999", "9" * 30])
def test_a_file_that_is_not_there_is_told(visitor: Page, number: str) -> None:
    answer = visitor.client.get(f"/files/{number}")
    assert answer.status_code == 404 and wording_web.NO_SUCH_FILE in answer.text
