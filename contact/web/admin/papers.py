"""A force's papers: drafts filled from the settings, and what only the force can say on its own pages (practice 23)."""

from __future__ import annotations

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from contact.domain.access import Permission
from contact.domain.go_live import PageFact
from contact.gateways.papers import document
from contact.gateways.papers.document import Paper, Text
from contact.services import go_live, go_live_papers
from contact.settings import Settings
from contact.store import forces
from contact.web.admin.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.cookies import visit_hours
from contact.web.shared.request_actor import current_actor

NAMES = {
    Text.DPIA: "Data protection impact assessment",
    Text.EQUALITY: "Equality impact assessment",
    Text.TRANSPARENCY: "Algorithmic transparency record",
    Text.PRIVACY: "Privacy notices",
    Text.COOKIES: "Cookies page",
    Text.ACCESSIBILITY: "Accessibility statement",
}
QUESTIONS = {
    PageFact.OFFICER: "Data protection officer: name or team, and how to reach them",
    PageFact.LAWFUL_BASIS: "Lawful basis under UK GDPR: the articles and Acts that you rely on",
    PageFact.SUPPLIERS: "Who hosts and carries the data for you",
    PageFact.PLACES: "In which country each computer stands",
    PageFact.RETENTION: "Where your retention schedule stands (optional)",
    PageFact.HELP: "Whom to ask for another format, or about accessibility: email, telephone, post",
    PageFact.REPLY_DAYS: "Within how many working days you answer them",
    PageFact.VISIT: "Induction loops, interpreters, step-free stations (optional)",
    PageFact.AUDIT: "Independent accessibility test: by whom, when, with what result (optional)",
}
LONGEST = 300


@room.get("/forces/<force_id>/drafts")
@requires(Permission.ADMINISTER_FORCE)
def papers(force_id: str) -> ResponseReturnValue:
    """Which papers there are, how much of each is missing, and the form for what the force must say."""
    said = go_live_papers.own_facts(_orm(), actor=current_actor(), force_id=force_id)
    missing = go_live_papers.still_needed(said)
    return render_template(
        "admin/papers.html",
        force=forces.get(_orm(), force_id=force_id),
        drafts=[(name, NAMES[name], _written(force_id, name, "en")) for name in go_live_papers.DRAFTS],
        missing=[QUESTIONS[each] for each in missing],
        boxes=[(each.value, QUESTIONS[each], said[each]) for each in PageFact],
        longest=LONGEST,
    )


@room.post("/forces/<force_id>/drafts/facts")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def set_page_facts(force_id: str) -> ResponseReturnValue:
    """Keep what the force says; an empty box is taken away, and a page then shows its place as missing."""
    typed = {each: " ".join(request.form.get(each.value, "").split())[:LONGEST] for each in PageFact}
    go_live.set_page_facts(_orm(), actor=current_actor(), force_id=force_id, facts=typed, now=clock.utcnow())
    return redirect(url_for("admin.papers", force_id=force_id), 303)


@room.get("/forces/<force_id>/drafts/<name>")
@requires(Permission.ADMINISTER_FORCE)
def paper(force_id: str, name: str) -> ResponseReturnValue:
    """One draft, to read and to print."""
    text, language = _text(name), _language(name)
    written = _written(force_id, text, language)
    return render_template(
        "admin/paper.html",
        force=forces.get(_orm(), force_id=force_id),
        paper=written,
        head=_head(force_id, written),
        both=text in go_live_papers.IN_BOTH_LANGUAGES,
    )


@room.get("/forces/<force_id>/drafts/<name>.md")
@requires(Permission.ADMINISTER_FORCE)
def paper_file(force_id: str, name: str) -> ResponseReturnValue:
    """The same as Markdown, to go on with in another program."""
    text, language = _text(name), _language(name)
    written = _written(force_id, text, language)
    return _download(document.to_markdown(written, _head(force_id, written)), f"{force_id}-{name}-{language}-draft.md")


def _download(content: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "text/markdown; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _text(name: str) -> Text:
    if name not in set(Text):
        abort(404)
    return Text(name)


def _language(name: str) -> str:
    """Drafts for a force alone are in English; what the public reads is there in both."""
    asked = request.args.get("language")
    return "cy" if asked == "cy" and Text(name) in go_live_papers.IN_BOTH_LANGUAGES else "en"


def _written(force_id: str, name: Text, language: str) -> Paper:
    return go_live_papers.draft(
        _orm(),
        name,
        actor=current_actor(),
        force_id=force_id,
        settings=_settings(),
        visit=visit_hours(),
        language=language,
    )


def _head(force_id: str, written: Paper) -> dict[str, str]:
    force = forces.get(_orm(), force_id=force_id)
    return go_live_papers.made_from(written, force=force, settings=_settings(), now=clock.utcnow())


def _orm() -> Session:
    return database.session()()


def _settings() -> Settings:
    found: Settings = current_app.config["CONTACT_SETTINGS"]
    return found
