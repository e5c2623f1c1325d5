"""The bot is a table: every action, by the name its buttons and forms carry."""

from collections.abc import Mapping
from functools import partial

from bot.chat.reading import contributions as told
from bot.chat.reading import planning as read
from bot.chat.reading import recurring as recurs
from bot.chat.reading import reminders as put_off
from bot.chat.reading import settings as chosen
from bot.chat.reading import sharing as shared
from bot.chat.reading import timetable as timed
from bot.chat.routing import Route, claims, finds, gathers, opens, shows, takes, writes
from bot.ui.pages import help as help_pages
from bot.ui.pages import settings as settings_pages
from bot.ui.pages.contributions import entry as entry_pages
from bot.ui.pages.contributions import history as history_pages
from bot.ui.pages.contributions import outside as outside_pages
from bot.ui.pages.planning import forms, menus
from bot.ui.pages.planning import link_page as link_pages
from bot.ui.pages.planning.choices import or_choice, plan_or_plans
from bot.ui.pages.planning.export_page import export_page
from bot.ui.pages.planning.fields import field_form, field_saved
from bot.ui.pages.planning.next_page import more_page, next_page
from bot.ui.pages.planning.plan_card import plan_page
from bot.ui.pages.planning.roles import roles_page
from bot.ui.pages.planning.saved import saved
from bot.ui.pages.planning.sessions import own_session_form, session_form, session_page
from bot.ui.pages.planning.sharing import shared_form, shared_saved
from bot.ui.pages.planning.started import started
from bot.ui.pages.planning.step_page import signed_page, step_page
from bot.ui.pages.reminders import away_page as away_pages
from bot.ui.pages.reminders import digest_page as digest_pages
from bot.ui.pages.reminders import later_page as later_pages
from bot.ui.pages.reminders import recurring_page as recurring_pages
from bot.ui.pages.reminders.digest_page import digest_page
from bot.ui.pages.timetable import around as around_pages
from bot.ui.pages.timetable import calendar as calendar_pages
from bot.ui.pages.timetable import holidays as holidays_pages
from bot.ui.pages.timetable import misfits, own, reading, tapping
from bot.ui.pages.timetable import noschool as noschool_pages
from bot.ui.pages.timetable import published as published_pages
from bot.ui.pages.timetable import schools as schools_pages
from bot.ui.pages.timetable.apart import apart_form
from bot.ui.pages.timetable.when import more_slots, when_page
from bot.ui.replies import Reply
from bot.usecases import settings
from bot.usecases.contributions import history, outside
from bot.usecases.planning import (
    adding,
    answering,
    exchange,
    linking,
    living,
    meeting,
    moving,
    partnering,
    sharing,
    starting,
    stepping,
)
from bot.usecases.planning.reading import (
    joined,
    next_for,
    next_in,
    next_more,
    show_plan,
    view_and,
    view_plan,
)
from bot.usecases.reminders import away, choosing, later, recurring
from bot.usecases.reminders.asking import digest_for
from bot.usecases.timetable import (
    addresses,
    around,
    bells,
    changing,
    free,
    holidays,
    importing,
    newyear,
    noschool,
    publishing,
    school,
    schools,
    showing,
    uploading,
)
from bot.usecases.vault import Vault


def _help(result: settings.State) -> Reply:
    verbs = help_pages.fitting(has_plan=result.has_plan, has_times=result.has_times)
    return help_pages.help_page(verbs)


def routes(
    read_source: timed.ReadSource,
    link_of: published_pages.LinkOf | None = None,
    look_up: timed.LookUp = timed.no_countries,
    read_year: timed.ReadYear = timed.no_file,
    vault: Vault | None = None,
    *,
    alone: bool = False,
) -> Mapping[str, Route]:
    """Return every route by the name of its action.

    ``read_source`` parses timetables; ``link_of`` returns the address of a calendar, where this
    Coplan has one on the web; ``look_up`` knows the public holidays of countries;
    ``read_year`` parses calendars; ``vault`` seals the addresses of members' own, where there is a
    key: without one they are not kept. ``alone``: there is one platform only.
    """
    return {
        **_VERBS,
        **_PLANS,
        **_STEPS,
        **_ITEMS,
        **_CONTRIBUTIONS,
        **_SETTINGS,
        **_AWAY,
        **_LATER,
        **_TIMES,
        **_feeds(link_of),
        **_tables(read_source, vault),
        "link": writes(
            read.show_plan,
            partial(linking.make_code, alone=alone),
            or_choice(link_pages.code_page, "link"),
        ),
        "school.holidaylist": takes(
            timed.country,
            partial(timed.holidays_of, look_up),
            holidays.suggest_holidays,
            holidays_pages.holidays_page,
        ),
        "school.yearsave": takes(
            timed.year_file,
            partial(timed.parsed_year, read_year),
            uploading.upload_year,
            holidays_pages.year_page,
        ),
    }


def _tables(read_source: timed.ReadSource, vault: Vault | None) -> Mapping[str, Route]:
    """Return the routes by which timetables are read, and read again."""
    parsed, kept = partial(timed.table_of, read_source), partial(addresses.read_given, vault)
    again = partial(timed.given_again, vault)
    return {
        "tt.read": takes(timed.pasted, parsed, kept, reading.read_page),
        "tt.again": finds(_nothing, again, parsed, kept, reading.read_page),
    }


def _feeds(link_of: published_pages.LinkOf | None) -> Mapping[str, Route]:
    """Return the routes about calendars that go out."""
    page = partial(published_pages.feeds_page, link_of)
    return {
        "feeds": shows(_nothing, publishing.own_feeds, page),
        "feeds.open": writes(timed.home, publishing.open_feed, page),
        "feeds.close": writes(timed.feed, publishing.close_feed, page),
        "feeds.file": shows(timed.home, publishing.agenda_of, published_pages.file_page, slow=True),
    }


_nothing = read.nothing

_VERBS: Mapping[str, Route] = {
    "start": writes(read.start_plan, starting.start, started),
    "next": gathers(_nothing, next_for, joined, next_page),
    "plan": shows(read.show_plan, show_plan, plan_or_plans(plan_page, "plan.show")),
    "log": shows(told.log_words, show_plan, or_choice(outside_pages.kinds_page, "log")),
    "when": writes(timed.when, free.when, or_choice(when_page, "when")),
    "when.more": shows(timed.more_slots, free.when, or_choice(more_slots, "when")),
    "when.apart": opens(read.plan_id, free.apart, apart_form),
    "timetable": shows(_nothing, showing.own_times, own.own_page),
    "noschool": writes(timed.noschool, noschool.close_school, noschool_pages.noschool_page),
    "away": writes(put_off.say_away, away.say_away, away_pages.away_saved),
    "history": shows(told.show_history, history.history, history_pages.history_reply),
    "digest": shows(read.show_plan, digest_for, digest_page, slow=True),
    "remind": shows(read.show_plan, recurring.show_recurring, recurring_pages.recurring_list),
    "export": shows(read.show_plan, exchange.export, or_choice(export_page, "export"), slow=True),
    "settings": shows(_nothing, settings.own_settings, settings_pages.settings_page),
    "help": shows(_nothing, settings.state, _help),
}

_PLANS: Mapping[str, Route] = {
    "start.form": opens(_nothing, settings.all_templates, forms.start_form),
    "start.save": writes(read.start_saved, starting.start, started),
    "plan.show": shows(read.plan_id, view_plan, plan_page),
    "plan.next": shows(read.plan_id, next_in, next_page),
    "next.more": gathers(read.more_next, next_more, joined, more_page),
    "plan.add": shows(read.plan_id, view_plan, menus.add_menu),
    "plan.more": shows(read.plan_id, moving.show_more, menus.more_menu),
    "plan.move": writes(read.plan_command, moving.move_here, saved),
    "plan.rename": opens(read.plan_id, view_plan, forms.rename_form),
    "plan.renamed": writes(read.rename, living.rename, saved),
    "plan.finish": writes(read.finish, living.finish, menus.finish_page),
    "plan.archive": writes(read.plan_command, living.archive, saved),
    "plan.reopen": writes(read.plan_command, living.reopen, saved),
    "plan.copy": writes(read.plan_command, living.replicate, started),
    "plan.leave": writes(read.plan_id, partnering.leave, saved),
    "plan.export": shows(
        read.show_plan, exchange.export, or_choice(export_page, "export"), slow=True
    ),
    "link.use": claims(read.use_code, linking.claim, linking.use_code, link_pages.linked_page),
    "link.off": writes(read.unlink, linking.unlink, saved),
    "link.forget": writes(read.platform, linking.forget, link_pages.forgotten_page),
    "partner.form": opens(read.plan_id, view_plan, forms.partner_form),
    "partner.add": writes(read.add_partners, partnering.add_partners, saved),
    "partner.remove": writes(read.remove_partner, partnering.remove_partner, saved),
    "role.pick": shows(read.plan_id, view_plan, roles_page),
    "role.take": writes(read.role, partnering.take_role, saved),
    "undo": writes(read.undo, living.undo, saved),
    "place.back": writes(_nothing, settings.state, _help),
}

_STEPS: Mapping[str, Route] = {
    "step.pick": shows(read.step_command, stepping.show_step, step_page),
    "step.show": shows(read.step_command, stepping.show_step, step_page),
    "step.sign": writes(read.sign_off, stepping.sign_off, signed_page),
    "step.reopen": writes(read.step_command, stepping.reopen_step, saved),
    "step.close": writes(read.step_command, stepping.close_step, saved),
    "step.hand": writes(read.hand_off, stepping.hand_off, saved),
    "step.due": opens(read.step_command, stepping.show_step, forms.due_form),
    "step.duesave": writes(read.move_due, stepping.move_due, saved),
    "field.open": opens(read.open_field, answering.open_field, field_form),
    "field.save": writes(read.save_field, answering.save_field, field_saved),
    "field.choose": writes(read.choose_text, answering.choose, field_saved),
    "comment.form": opens(read.step_command, stepping.show_step, forms.comment_form),
    "comment.save": writes(read.comment, adding.add_comment, saved),
}

_ITEMS: Mapping[str, Route] = {
    "item.form": opens(read.plan_and, view_and, forms.item_form),
    "decision.save": writes(read.decision, adding.add_decision, saved),
    "challenge.save": writes(read.challenge, adding.raise_challenge, menus.challenge_saved),
    "challenges": shows(read.plan_and_maybe, view_and, menus.challenges_page),
    "remedy.try": writes(read.known_remedy, adding.try_known_remedy, saved),
    "remedy.form": opens(read.plan_and, view_and, forms.remedy_form),
    "remedy.save": writes(read.own_remedy, adding.try_remedy, saved),
    "challenge.close": writes(read.item_command, adding.close_challenge, saved),
    "duty.save": writes(read.duty, adding.add_responsibility, saved),
    "duty.done": writes(read.item_command, adding.finish_responsibility, saved),
    "resource.save": writes(read.resource, adding.add_resource, saved),
    "minutes.save": writes(read.minutes, adding.add_minutes, saved),
    "message.form": opens(shared.message, sharing.show_shared, shared_form),
    "message.save": writes(shared.add_message, sharing.add_shared, shared_saved),
    "session.form": opens(read.plan_and, view_and, session_form),
    "session.save": writes(read.propose, meeting.propose_session, saved),
    "session.own": opens(read.plan_id, view_plan, own_session_form),
    "session.ownsave": writes(read.propose_at, meeting.propose_at, saved),
    "session.show": shows(read.show_session, meeting.show_session, session_page),
    "session.yes": writes(read.accept, meeting.answer_session, saved),
    "session.no": writes(read.decline, meeting.answer_session, saved),
}

_CONTRIBUTIONS: Mapping[str, Route] = {
    "out.kind": shows(read.plan_and, view_and, outside_pages.bands_page),
    "out.log": writes(told.log_tapped, outside.log_outside, saved),
    "out.form": opens(read.plan_id, view_plan, outside_pages.outside_form),
    "out.save": writes(told.log_saved, outside.log_outside, saved),
    "out.show": shows(told.confirm, outside.show_outside, outside_pages.outside_page),
    "out.yes": writes(told.confirm, outside.confirm_outside, saved),
    "out.file": shows(told.file, outside.get_file, outside_pages.file_page),
    "hist": shows(told.show_history, history.history, history_pages.history_reply),
    "entry.pick": shows(told.entry, history.entry_view, entry_pages.entry_page),
    "note.form": opens(told.entry, history.entry_view, entry_pages.note_form),
    "note.save": writes(told.remark, history.annotate, saved),
    "dispute.form": opens(told.entry, history.entry_view, entry_pages.dispute_form),
    "dispute.save": writes(told.remark, history.dispute, saved),
    "credit": writes(told.credit, history.credit, saved),
}

_TIMES: Mapping[str, Route] = {
    "tt.form": opens(_nothing, settings.show_settings, own.paste_form),
    "tt.who": writes(timed.person, importing.choose_person, reading.back_page),
    "tt.planning": writes(timed.planning, importing.mark_subject, reading.back_page),
    "tt.notlesson": writes(timed.no_lesson, importing.mark_subject, reading.back_page),
    "tt.firstday": writes(timed.first_day, importing.name_days, reading.back_page),
    "tt.school": opens(_nothing, importing.ask_school, reading.school_form),
    "tt.schoolsave": writes(timed.school, importing.answer_school, reading.back_page),
    "tt.save": writes(_nothing, importing.save_timetable, own.saved_page),
    "tt.hours": opens(_nothing, showing.own_times, own.hours_form),
    "tt.hourssave": writes(timed.hours, importing.save_hours, own.saved_page),
    "tt.around": opens(_nothing, settings.show_settings, around_pages.around_form),
    "tt.aroundsave": writes(timed.around, around.tell_around, around_pages.around_saved),
    "tt.groups": opens(_nothing, around.own_groups, around_pages.groups_form),
    "tt.groupssave": writes(timed.groups, around.tell_groups, around_pages.groups_saved),
    "tt.forget": writes(_nothing, addresses.forget_address, own.own_page),
    "tt.tap": shows(timed.day, showing.show_day, tapping.tap_page),
    "tt.cell": writes(timed.cell, showing.tap_cell, tapping.tap_page),
    "tt.week": writes(_nothing, showing.tapped_week, tapping.week_page),
    "school": shows(_nothing, school.show_calendar, calendar_pages.calendar_page),
    "school.new": opens(_nothing, newyear.before_new, calendar_pages.new_form),
    "school.newsave": writes(timed.new_year, newyear.new_calendar, misfits.new_page),
    "school.newyes": writes(timed.allowed, newyear.confirm_new, misfits.new_page),
    "school.bells": opens(_nothing, school.known_calendar, calendar_pages.bells_form),
    "school.bellsave": writes(timed.bells, bells.change_bells, misfits.bells_page),
    "school.bellsyes": writes(timed.allowed, bells.confirm_bells, misfits.bells_page),
    "school.form": opens(_nothing, school.known_calendar, calendar_pages.closures_form),
    "school.save": writes(timed.closures, school.change_closures, calendar_pages.saved_page),
    "school.holidays": opens(_nothing, school.known_calendar, holidays_pages.holidays_form),
    "school.holidaytake": writes(_nothing, holidays.take_holidays, calendar_pages.saved_page),
    "school.year": opens(_nothing, settings.show_settings, calendar_pages.year_form),
    "school.mine": opens(_nothing, schools.my_school, schools_pages.school_form),
    "school.minesave": writes(
        timed.chosen_school, schools.choose_school, schools_pages.school_chosen
    ),
    "school.undo": writes(timed.change, changing.undo_change, noschool_pages.undone_page),
    "noschool.form": opens(_nothing, noschool.which_day, noschool_pages.noschool_form),
    "noschool.save": writes(
        timed.closed_days, noschool.close_by_form, noschool_pages.noschool_page
    ),
}

_AWAY: Mapping[str, Route] = {
    "away.open": opens(put_off.which_absence, away.show_away, away_pages.away_or_form),
    "away.form": opens(put_off.which_absence, away.show_away, away_pages.away_form),
    "away.save": writes(put_off.set_away, away.set_away, away_pages.away_saved),
    "away.only": writes(put_off.which_absence, away.only_away, away_pages.away_saved),
    "away.back": writes(put_off.which_absence, away.come_back, away_pages.away_saved),
    "away.undo": writes(put_off.mark, away.undo_away, away_pages.away_saved),
}

_LATER: Mapping[str, Route] = {
    "later.next": writes(put_off.message, later.to_next_free, later_pages.put_off_page),
    "later.tomorrow": writes(put_off.message, later.to_tomorrow, later_pages.put_off_page),
    "later.form": opens(put_off.message, later.show_message, later_pages.later_form),
    "later.save": writes(put_off.on_date, later.to_date, later_pages.put_off_page),
    "later.partner": writes(put_off.message, later.to_partner, later_pages.put_off_page),
    "later.undo": writes(put_off.mark, later.undo_later, later_pages.taken_back_page),
}

_SETTINGS: Mapping[str, Route] = {
    "settings.open": opens(_nothing, settings.own_settings, settings_pages.settings_form),
    "settings.save": writes(
        chosen.settings, settings.change_settings, settings_pages.settings_page
    ),
    "settings.zone": writes(chosen.zone, settings.change_zone, settings_pages.settings_page),
    "settings.zoneform": opens(_nothing, settings.show_settings, settings_pages.zone_form),
    "settings.zonesave": writes(
        chosen.zone_in_form, settings.change_zone, settings_pages.settings_page
    ),
    "digest.form": opens(read.plan_id, choosing.show_slot, digest_pages.slot_form),
    "digest.save": writes(chosen.slot, choosing.choose_slot, digest_pages.slot_saved),
    "remind.add": writes(recurs.typed, recurring.add_typed, recurring_pages.recurring_kept),
    "remind.new": opens(read.plan_id, view_plan, recurring_pages.new_form),
    "remind.save": writes(recurs.new, recurring.add_recurring, recurring_pages.recurring_kept),
    "remind.open": opens(recurs.one, recurring.show_one, recurring_pages.change_form),
    "remind.change": writes(
        recurs.change, recurring.change_recurring, recurring_pages.recurring_kept
    ),
    "remind.stop": writes(recurs.one, recurring.stop_recurring, recurring_pages.recurring_kept),
    "template.form": opens(_nothing, settings.show_settings, settings_pages.template_form),
    "template.save": takes(
        chosen.template,
        chosen.parsed_template,
        settings.save_template,
        settings_pages.template_saved,
    ),
    "import.form": opens(_nothing, settings.show_settings, settings_pages.import_form),
    "import.save": takes(chosen.exported, chosen.parsed_plan, exchange.import_plan, started),
}
