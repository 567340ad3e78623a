"""When the answer is lost: never twice, never lost, and never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from integration.test_post_proxy import Fate, Script, Wire, wire
from integration.test_post_world import CAMPAIGN, World
from outreach.errors import NotWhole, PullIncomplete, ServerRefused
from outreach.fhir.client import FhirClient, Versioned
from outreach.fhir.dialect import Resource
from outreach.fhir.filters import Params
from outreach.ledger import HoldState

pytest_plugins = ("integration.test_post_world",)

Through = Callable[[Script], tuple[FhirClient, Wire]]


@pytest.fixture
def through(post_server: str) -> Iterator[Through]:
    """A client whose every exchange goes over a wire that follows a script."""
    open_wires = []

    def make(script: Script) -> tuple[FhirClient, Wire]:
        context = wire(post_server, script)
        line = context.__enter__()
        open_wires.append(context)
        return FhirClient(line.base, deadline_s=10, sleep=lambda _: None), line

    yield make
    for context in open_wires:
        context.__exit__(None, None, None)


def fates(method: str, type_: str, *of: Fate) -> Script:
    """The fates of the first, second … call of one kind; the last one stays. Everything else passes."""
    return lambda m, t, before: of[min(before, len(of) - 1)] if (m, t) == (method, type_) else "pass"


def one(world: World) -> World:
    world.person("ana", "a", "b")
    return world.plan()


class TestTheMessage:
    def test_an_answer_lost_after_the_server_stored_it(self, world: World, through: Through) -> None:
        client, line = through(fates("POST", "Communication", "lose-answer", "pass"))
        assert one(world).post(client).sent_now == 1
        assert line.seen.count("POST Communication") == 1  # found by reading back, not sent again
        assert world.messages() == {"ana": 1}
        world.assert_whole()

    def test_one_that_was_stored_put_off_and_then_refused_is_looked_for(self, world: World, through: Through) -> None:
        """503, and at the second try our login has ended: it may have been sent, so that is not what is told."""
        client, line = through(fates("POST", "Communication", "put-off", "forbid"))
        assert one(world).post(client).sent_now == 1
        assert line.seen.count("POST Communication") == 2
        assert world.messages() == {"ana": 1}
        world.assert_whole()

    def test_a_request_lost_before_the_server_saw_it(self, world: World, through: Through) -> None:
        client, line = through(fates("POST", "Communication", "lose-request", "pass"))
        assert one(world).post(client).sent_now == 1
        assert line.seen.count("POST Communication") == 2
        assert world.messages() == {"ana": 1}
        world.assert_whole()

    def test_both_lost_and_the_second_one_stored(self, world: World, through: Through) -> None:
        client, _ = through(fates("POST", "Communication", "lose-request", "lose-answer"))
        assert one(world).post(client).sent_now == 1
        assert world.messages() == {"ana": 1}
        world.assert_whole()

    def test_one_that_is_found_only_at_the_second_look(self, world: World, through: Through) -> None:
        """The server's index lags behind what it stores."""
        client, line = through(fates("POST", "Communication", "lose-answer"))
        looks = iter([1, 2])  # before the send, and right after it

        def search(client: FhirClient, type_: str, params: Params) -> list[Resource]:
            lags = type_ == "Communication" and next(looks, None) is not None
            return [] if lags else client.search(type_, params)

        assert one(world).post(Altered(client, search)).sent_now == 1
        assert line.seen.count("POST Communication") == 1
        assert world.messages() == {"ana": 1}
        world.assert_whole()

    def test_one_that_never_gets_through_is_quarantined_and_keeps_its_slot(
        self, world: World, through: Through
    ) -> None:
        client, line = through(fates("POST", "Communication", "lose-request"))
        posted = one(world).post(client)
        assert (posted.doubtful, posted.whole) == (1, False)
        assert line.seen.count("POST Communication") == 2
        assert world.states() == {"ana": "quarantined:outcome-unknown"}
        assert list(world.held()) == [world.slot("a").slot]

    def test_a_quarantined_one_that_turns_up_later_is_sent_and_never_sent_again(
        self, world: World, through: Through
    ) -> None:
        client, _ = through(fates("POST", "Communication", "lose-request"))
        one(world).post(client)
        world.post()
        assert world.states() == {"ana": "quarantined:outcome-unknown"}
        identifier = [{"system": CAMPAIGN, "value": world.people["ana"].key}]
        subject, about = world.reference("ana"), [{"reference": f"Slot/{world.slot('a').slot}"}]
        world.add(resourceType="Communication", status="completed", identifier=identifier, subject=subject, about=about)
        assert world.post().whole
        assert world.states() == {"ana": "sent"}
        world.assert_whole()

    def test_one_that_the_server_refuses_is_withheld_and_its_slot_given_back(
        self, world: World, through: Through
    ) -> None:
        client, line = through(fates("POST", "Communication", "refuse"))
        assert one(world).post(client).whole
        assert line.seen.count("POST Communication") == 1
        assert world.states() == {"ana": "withheld:message-refused"}
        assert world.held() == {}
        world.assert_whole()

    def test_several_with_one_key_are_an_alarm_and_no_third_is_sent(self, world: World) -> None:
        one(world)
        identifier = [{"system": CAMPAIGN, "value": world.people["ana"].key}]
        for _ in range(2):
            world.add(
                resourceType="Communication", status="completed", identifier=identifier, subject=world.reference("ana")
            )
        world.post()
        world.post()
        assert world.states() == {"ana": "quarantined:several-match"}
        assert world.messages() == {"ana": 2}

    def test_a_key_on_somebody_elses_message_is_an_alarm(self, world: World) -> None:
        one(world)
        identifier = [{"system": CAMPAIGN, "value": world.people["ana"].key}]
        world.add(
            resourceType="Communication", status="completed", identifier=identifier, subject=world.reference("eve")
        )
        world.post()
        assert world.states() == {"ana": "quarantined:wrong-person"}
        assert world.held() == {}


class TestTheSlot:
    def test_a_hold_whose_answer_was_lost_is_ours(self, world: World, through: Through) -> None:
        client, line = through(fates("PUT", "Slot", "pass", "lose-answer", "pass"))  # the first PUT is the probe
        assert one(world).post(client).sent_now == 1
        assert line.seen.count("PUT Slot") == 2
        assert list(world.held()) == [world.slot("a").slot]
        world.assert_whole()

    def test_a_hold_that_never_arrived_is_asked_for_again(self, world: World, through: Through) -> None:
        client, _ = through(fates("PUT", "Slot", "pass", "lose-request", "pass"))
        assert one(world).post(client).sent_now == 1
        assert list(world.held()) == [world.slot("a").slot]
        world.assert_whole()

    def test_a_hold_that_arrives_after_we_gave_it_up_is_given_back(self, world: World, through: Through) -> None:
        client, _ = through(fates("PUT", "Slot", "pass", "lose-request", "lose-request", "pass"))
        assert one(world).post(client).sent_now == 1
        assert list(world.held()) == [world.slot("b").slot]
        with world.ledger() as ledger:
            (late,) = ledger.doubtful_holds()
            assert late.state is HoldState.DOUBTFUL
        world.change(
            "Slot", "a", status="busy-tentative", identifier=[{"system": "urn:outreach:hold", "value": late.mark}]
        )
        world.post()
        assert list(world.held()) == [world.slot("b").slot]
        world.assert_whole()


class TestTheServer:
    def test_away_before_anything_was_sent_leaves_everything_planned(self, world: World, through: Through) -> None:
        client, _ = through(lambda method, type_, before: "down")
        with pytest.raises(PullIncomplete):
            one(world).post(client)
        assert world.states() == {"ana": "planned"}
        assert world.post().sent_now == 1
        world.assert_whole()

    @pytest.mark.parametrize("calls", range(2, 60, 3))
    def test_away_from_any_call_on_is_finished_by_the_next_run(
        self, world: World, through: Through, calls: int
    ) -> None:
        for n in range(3):
            world.person(f"p{n}", f"a{n}", f"b{n}", portal=n < 2)
        made = iter(range(10_000))
        client, _ = through(lambda method, type_, before: "pass" if next(made) < calls else "down")
        try:
            world.plan().post(client)
        except PullIncomplete:
            assert world.messages() == {}
        except NotWhole:
            assert not [state for state in world.states().values() if state.startswith(("withheld", "deferred"))]
        assert world.post().whole
        assert world.messages() == {"p0": 1, "p1": 1}
        world.assert_whole()

    def test_one_search_that_fails_for_one_person_withholds_that_person(self, two: World) -> None:
        def search(client: FhirClient, type_: str, params: Params) -> list[Resource]:
            stumbles = type_ == "Observation" and any(f"{two.name}-bea" in value for _, value in params)
            return client.search(type_, NONSENSE if stumbles else params)

        two.post(Altered(two.client, search))
        assert two.states() == {"ana": "sent", "bea": "withheld:recheck-failed"}
        two.assert_whole()

    @pytest.mark.parametrize("refused", [{"patient"}, {"patient", "status"}], ids=sorted)
    def test_one_that_cannot_filter_consents_is_asked_for_all_of_them(self, two: World, refused: set[str]) -> None:
        def search(client: FhirClient, type_: str, params: Params) -> list[Resource]:
            refuses = type_ == "Consent" and refused & {key for key, _ in params}
            return client.search(type_, NONSENSE if refuses else params)

        opt_out(two, "bea")
        two.post(Altered(two.client, search))
        assert two.states() == {"ana": "sent", "bea": "withheld:opted-out"}

    def test_one_that_reads_a_list_of_patients_as_one_name_is_asked_one_by_one(self, two: World) -> None:
        """It finds nothing for ``a,b`` and says so without an error: a missing opt-out would mean nothing."""

        def search(client: FhirClient, type_: str, params: Params) -> list[Resource]:
            several = any(key == "patient" and "," in value for key, value in params)
            return [] if several else client.search(type_, params)

        opt_out(two, "bea")
        two.post(Altered(two.client, search))
        assert two.states() == {"ana": "sent", "bea": "withheld:opted-out"}

    @pytest.mark.parametrize("type_", ["Communication", "Slot"])
    def test_one_that_lets_us_read_and_not_write_gets_nothing_sent(
        self, two: World, through: Through, type_: str
    ) -> None:
        """A scope is missing: exit 5, and everything is there for the day it is granted."""
        method = "POST" if type_ == "Communication" else "PUT"
        client, _ = through(fates(method, type_, *(["pass"] if type_ == "Slot" else []), "forbid"))
        with pytest.raises(ServerRefused):
            two.post(client)
        assert two.messages() == {}
        assert two.post().sent_now == 2
        two.assert_whole()

    def test_one_that_takes_a_wrong_version_is_trusted_with_no_hold(self, two: World) -> None:
        with pytest.raises(ServerRefused, match="wrong ETag"):
            two.post(Careless(two.client))
        assert two.held() == {}
        assert two.messages() == {}
        assert set(two.states().values()) == {"planned"}


@pytest.fixture
def two(world: World) -> World:
    world.person("ana", "a")
    world.person("bea", "b")
    return world.plan()


def opt_out(world: World, who: str) -> None:
    codes = {"scope": {"coding": [{"code": "patient-privacy"}]}, "category": [{"coding": [{"code": "x"}]}]}
    rule = {"policyRule": {"coding": [{"code": "OPTOUT"}]}, "provision": {"type": "deny"}}
    world.add(resourceType="Consent", status="active", patient=world.reference(who), **codes, **rule)


NONSENSE: Params = [("no-such-parameter", "1")]


class Altered:
    """The real client with another way to search."""

    def __init__(self, client: FhirClient, search: Callable[[FhirClient, str, Params], list[Resource]]) -> None:
        self._client, self._search = client, search
        self.read, self.update, self.create = client.read, client.update, client.create

    def search(self, type_: str, params: Params = ()) -> list[Resource]:
        return self._search(self._client, type_, params)


class Careless(Altered):
    """The real client before a server that does not check versions."""

    def __init__(self, client: FhirClient) -> None:
        super().__init__(client, lambda client, type_, params: client.search(type_, params))
        self.update = self._update

    def _update(self, resource: Resource, *, if_match: str) -> Versioned:
        found = self._client.read(resource["resourceType"], resource["id"])
        assert found is not None
        return self._client.update(resource, if_match=found.etag)
