"""JSON Feed as records. Specification: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, ValidationError

from audit.model.item import Facet, GapKind
from audit.model.record import MediaRecord, PostRecord, ProfileRecord, Record
from audit.platforms.answers import gaps
from audit.platforms.answers.feed_parts import Parsed, address, made_up_id, medium
from audit.platforms.answers.loose import moment
from audit.platforms.answers.markup import Markup, read_markup
from audit.platforms.answers.plain import addresses
from audit.response import Response

VERSION = "https://jsonfeed.org/version/"


class _Lenient(BaseModel):
    # Version 1 had authors write numbers as ids; 1.1 asks readers to take them.
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class _Attachment(_Lenient):
    url: str
    mime_type: str | None = None
    title: str | None = None
    duration_in_seconds: float | None = None


class _Item(_Lenient):
    id: str | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    image: str | None = None
    banner_image: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    language: str | None = None
    attachments: tuple[_Attachment, ...] = ()


class _Feed(_Lenient):
    version: str
    title: str | None = None
    home_page_url: str | None = None
    feed_url: str | None = None
    next_url: str | None = None
    description: str | None = None
    icon: str | None = None
    language: str | None = None
    items: list[object]


def parse(response: Response) -> Parsed | None:
    """Take a feed apart; ``None`` when it is none."""
    try:
        feed = _Feed.model_validate(response.json())
    except ValueError:  # no JSON, or JSON of something else
        return None
    if not feed.version.replace("http:", "https:").startswith(VERSION):
        return None
    records: list[Record] = [
        ProfileRecord(
            platform="feed",
            account_id=feed.feed_url or feed.home_page_url,
            handle=None,
            display_name=feed.title,
            bio=feed.description,
            url=address(feed.home_page_url),
            avatar_url=address(feed.icon),
            language=feed.language,
        )
    ]
    for number, value in enumerate(feed.items, 1):
        try:
            records.append(_post(_Item.model_validate(value), feed))
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the entry"
            reason = f"entry {number} of the feed: {field} has the wrong form"
            records.append(gaps.gap(response, GapKind.BROKEN, reason, Facet.POSTS))
    return Parsed(records=tuple(records), further=address(feed.next_url))


def _post(item: _Item, feed: _Feed) -> PostRecord:
    link = address(item.url)
    words = (item.content_text or item.summary or "").strip()
    body = Markup(text=words, links=addresses(words))
    if item.content_html is not None:
        body = read_markup(item.content_html, link)
    created, changed = moment(item.date_published), moment(item.date_modified)
    created = created or changed
    return PostRecord(
        platform="feed",
        post_id=item.id or link or made_up_id(item.title, body.text, item.date_published),
        account_id=None,
        text=body.text,
        text_html=item.content_html,
        title=item.title,
        permalink=link,
        created_at=created,
        edited_at=changed if created and changed and changed > created else None,
        language=item.language or feed.language,
        media=tuple(dict.fromkeys([*_attached(item), *body.media])),
        # Of a link that is shared, the page it is about.
        links=tuple(dict.fromkeys([*filter(None, [address(item.external_url)]), *body.links])),
    )


def _attached(item: _Item) -> Iterator[MediaRecord]:
    for picture in (item.image, item.banner_image):
        if address(picture):
            yield MediaRecord(type="image", url=picture)
    for one in item.attachments:
        yield MediaRecord(
            type=medium(one.mime_type),
            url=address(one.url),
            duration=one.duration_in_seconds,
        )
