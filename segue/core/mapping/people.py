"""People: who ordered, taken apart from the order, and what of an address the order itself may keep."""

from segue.core.draft import POSTCODE_AREA, Destination
from segue.core.mapping.plan import AddressPlan
from segue.core.mapping.results import PersonalData
from segue.core.mapping.work import Work


def read_person(work: Work) -> PersonalData:
    """Name, e-mail, telephone and addresses, and by what the person is known again."""
    plan = work.mapping.person
    ship_to = _parts(work, plan.ship_to)
    return PersonalData(
        identity=_identity(work),
        ship_to=ship_to,
        bill_to=_parts(work, plan.bill_to),
        address_key=_address_key(ship_to),
        **work.read_all(plan.fields),
    )


def _identity(work: Work) -> str:
    """An e-mail address is the same person's on every channel; a customer's number only on its own."""
    for kind, read in work.mapping.person.identity:
        found = work.read(read)
        if found:
            return f"email:{found.lower()}" if kind == "email" else f"{kind}:{work.mapping.name}:{found}"
    return ""


def _parts(work: Work, plan: AddressPlan) -> dict[str, str]:
    return {part: text for part, text in work.read_all(plan.parts).items() if text}


def _address_key(address: dict[str, str]) -> str:
    """Street, place and country, however they are spaced and capitalized; "" for an address without a street."""
    if not address.get("street"):
        return ""
    parts = ("street", "street2", "postcode", "city", "country")
    return "|".join(" ".join(address.get(part, "").casefold().split()) for part in parts)


def read_destination(work: Work) -> Destination:
    """The address as coarse as routing needs it, and which of the required parts are not there."""
    plan, address = work.mapping.person.ship_to, work.person.ship_to
    missing = tuple(part for part in plan.require if part not in address)
    degrees = work.read_all(plan.degrees) if plan.degrees else {}
    area = "".join(sign for sign in address.get("postcode", "").upper() if sign.isalnum())[:POSTCODE_AREA]
    region = address.get("region", "")
    return Destination(address.get("country", ""), region, **degrees, missing=missing, postcode_area=area)
