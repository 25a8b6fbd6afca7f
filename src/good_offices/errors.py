"""Every error of Good Offices: its code, its class, its exit status and its remedy.

This module decides what a person is told when something is refused. It never holds plaintext of the
talks, key material or file contents: facts put into a message are codes, numbers, labels and paths.

1. An error is raised by its code; the sentence and the remedy stand once, in `CATALOGUE`.
2. The class says who must act: `LocalError` (we broke a rule; nothing has left this machine),
   `RemoteError` (their bytes break a rule; our state is unchanged), `OperationalError` (disk,
   network, clock; says whether trying again is safe).
3. Verification raises; it never returns a bool.

`docs/errors.md` lists the catalogue; a test keeps the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """Exit statuses of the command line, as documented in docs/errors.md."""

    OK = 0
    NOT_VALID = 1
    USAGE = 2
    LOCAL = 3
    REMOTE = 4
    EQUIVOCATION = 5
    RETRY = 6
    OPERATIONAL = 7


class GoodOfficesError(Exception):
    """An error with a code from `CATALOGUE`; `str()` is the sentence for people."""

    exit: Exit = Exit.LOCAL

    def __init__(self, code: str, /, **facts: object) -> None:
        """Raise `code` with the facts that its sentence names."""
        self.code = code
        self.facts = facts
        self.entry = CATALOGUE[code]
        super().__init__(self.entry.message.format(**facts))

    @property
    def remedy(self) -> str:
        """What the person can do now: one sentence."""
        return self.entry.remedy.format(**self.facts)


class LocalError(GoodOfficesError):
    """Against the rules on our side; nothing has left this machine."""


class RemoteError(GoodOfficesError):
    """Their bytes break the rules; our state is unchanged and the evidence is kept."""

    exit = Exit.REMOTE


class HostConvictedError(RemoteError):
    """The host has signed what no honest host signs; the evidence is kept, and this desk sends it nothing more."""

    exit = Exit.EQUIVOCATION


class EquivocationError(HostConvictedError):
    """The host has shown two histories; `first` and `second` are the signed notes that prove it.

    `evidence` is the file that convicts the host (spec/register.md section 11), when there is one.
    """

    def __init__(
        self, code: str, /, *, first: bytes, second: bytes, evidence: bytes = b"", **facts: object
    ) -> None:
        """Carry both signed checkpoints and the evidence as bytes."""
        super().__init__(code, **facts)
        self.first = first
        self.second = second
        self.evidence = evidence


class OperationalError(GoodOfficesError):
    """Disk, network or clock; `retry_safe` says whether the same call may be made again."""

    def __init__(self, code: str, /, **facts: object) -> None:
        """Take the exit status from the catalogue's word on retrying."""
        super().__init__(code, **facts)
        self.retry_safe = self.entry.retry_safe
        self.exit = Exit.RETRY if self.retry_safe else Exit.OPERATIONAL


@dataclass(frozen=True)
class Entry:
    """A sentence, a remedy and, for operational errors, whether a retry is safe."""

    message: str
    remedy: str
    retry_safe: bool = False


# One line a code, grouped by the folder that raises it.
CATALOGUE: Final[dict[str, Entry]] = {
    # encoding
    "not-canonical": Entry(
        "the bytes of {what} are not in canonical form ({why})",
        "the file or message was damaged or made by other software; ask its author to send it again",
    ),
    "too-large": Entry(
        "{what} has {size} bytes; the limit is {limit}",
        "split it, or ask its author for a shorter one",
    ),
    "unknown-version": Entry(
        "{what} has format version {version}, which this release does not know",
        "install the release of Good Offices that introduced this version",
    ),
    "text-not-plain": Entry(
        "{what} has a character that is not allowed at position {position} ({why})",
        "type the word again at that position; invisible and look-alike characters are refused",
    ),
    # seals
    "signature-invalid": Entry(
        "{what} does not verify",
        "do not rely on it; ask its author by another channel, and keep the file as evidence",
    ),
    "seal-invalid": Entry(
        "the seal of {what} does not open",
        "you may not be among its readers, or it was damaged; ask its author to send it again",
    ),
    "passphrase-wrong": Entry(
        "the passphrase does not open {what}",
        "type it again; a kit opens by the passphrase it was made with. If it is lost, restore a backup whose passphrase you know, or have the member recalled and invited again",
    ),
    "at-rest-damaged": Entry(
        "a sealed item of this folder is damaged ({what})",
        "restore the folder from a backup; the venue still holds everything that was posted",
    ),
    "kit-damaged": Entry(
        "line {line} of the root key kit is not as it was printed",
        "compare that line with the paper and type it again",
    ),
    "key-file-damaged": Entry(
        "the key file of {what} is damaged or not a key file ({why})",
        "restore the folder from a backup, or start a new desk and have it certified",
    ),
    # seals/group
    "group-element": Entry(
        "{what} is not a value that a sounding can compute with ({why})",
        "the message was damaged or made by other software; ask its author to send it again",
    ),
    "group-scalar": Entry(
        "{what} is not a number that a sounding can compute with ({why})",
        "the message was damaged or made by other software; ask its author to send it again",
    ),
    "group-hash": Entry(
        "a value cannot be derived for a sounding ({why})",
        "this is a fault of the program; report it with the command that led to it",
    ),
    "group-library": Entry(
        "the library that soundings compute with cannot be loaded ({why})",
        "free some space for temporary files, or set TMPDIR to a folder from which programs may run; then start again",
        retry_safe=True,
    ),
    # register
    "leaf-hash-length": Entry(
        "a leaf hash has 32 bytes, or several stand one after another; these are {length} bytes",
        "this is a fault of the program; report it with the command that led to it",
    ),
    "register-range": Entry(
        "number {number} is outside a register of {size} entries",
        "ask for a number inside it; fetch the register again if it may have grown",
    ),
    "inclusion-invalid": Entry(
        "the host's proof does not place the entry at number {index} of {size} ({why})",
        "take the entry as not delivered; fetch it again, and keep both answers if it fails again",
    ),
    "consistency-invalid": Entry(
        "the host's proof does not join its register of {old} entries to the one of {new} ({why})",
        "send nothing that binds; fetch again, and compare checkpoints with the other delegation if it fails again",
    ),
    "body-mismatch": Entry(
        "the body of an entry is not the one of {length} bytes that its leaf names",
        "fetch the entry again; if it fails again, keep both and ask its author for the entry by another channel",
    ),
    "signature-lines": Entry(
        "{what} does not have exactly the signature lines of this register",
        "do not rely on it; compare the host's keys with those of the genesis, and ask the host to explain",
    ),
    "checkpoint-foreign": Entry(
        "the checkpoint is for another register than {origin}",
        "do not rely on it; fetch the register again, and ask the host to explain if it happens again",
    ),
    "genesis-invalid": Entry(
        "the genesis breaks its form ({why})",
        "do not open these talks; ask the host for the invitation again, by another channel",
    ),
    "fork-unproved": Entry(
        "the evidence does not prove two histories ({why})",
        "do not accuse the host on it; ask who sent it for the notes and proofs that are missing",
    ),
    "host-equivocated": Entry(
        "the host has signed two histories of {origin}, of {first_size} and of {second_size} entries",
        "stop binding acts at this venue, keep the evidence file, tell the other delegation by another channel, "
        "and consider a change of venue",
    ),
    # the host's box of a sounding
    "box-committed": Entry(
        "this delegation has committed to this box already",
        "go on with the commitment that stands; a box takes one of each delegation",
    ),
    "box-differs": Entry(
        "the commitment differs from the others of its box in parties, release or time",
        "sync and let the sounding be answered again; if it happens twice, ask the other delegation for its version",
    ),
    "box-not-ready": Entry(
        "the box does not have the commitments of all parties yet",
        "keep the deposit until they are in the register, then send it",
    ),
    "box-not-yours": Entry(
        "the commitment is of another delegation than the one that hands it in",
        "let each delegation's own desk commit for it",
    ),
    "box-closed": Entry(
        "the box has ended and takes nothing more",
        "sync: the register says how it ended; if it was closed, the sounding is run again",
    ),
    "boxes-full": Entry(
        "this delegation has {limit} boxes open, as many as the host allows",
        "wait until soundings under way have ended, or ask the host to raise `open_boxes`",
    ),
    "box-unproved": Entry(
        "the evidence does not prove what the host did with the box ({why})",
        "do not accuse the host on it; ask who sent it for the entries and receipts that are missing",
    ),
    "box-opened-wrongly": Entry(
        "the host of {origin} has opened the box {box} of a sounding with deposits that were not committed to, or that do "
        "not open it",
        "stop binding acts at this venue, keep the evidence file, tell the other delegation by another channel, "
        "and consider a change of venue",
    ),
    "box-ended-twice": Entry(
        "the host of {origin} has ended the box {box} of a sounding twice",
        "stop binding acts at this venue, keep the evidence file, tell the other delegation by another channel, "
        "and consider a change of venue",
    ),
    "box-receipts-none": Entry(
        "this desk holds no deposit receipt of this sounding",
        "ask the desk that answered it for your delegation: the duty desk, if there is one",
    ),
    "box-deposit-differs": Entry(
        "the deposit is not the one that was committed to",
        "keep what you have as evidence; the box stays shut, and the sounding is run again",
    ),
    # credentials
    "introduction-invalid": Entry(
        "an introduction breaks its form",
        "do not go on; ask that delegation by another channel what its desk sent",
    ),
    # guests
    "guest-desk": Entry(
        "a guest's desk reads what it was invited to, and says nothing; a guest is no member of a delegation, and no member is a guest",
        "ask a member of a delegation to say it; whoever is to sit for a delegation is invited as its member, with a desk of its own",
    ),
    "guest-desk-unknown": Entry(
        "no guest's desk has been admitted under this number",
        "let the delegation that brings the guest make a file for the guest's desk and admit it; then sync and invite it",
    ),
    "guest-role": Entry("a guest is an interpreter, an adviser or an observer", "choose one of the three"),
    "guest-unknown": Entry(
        "no guest is named so, or more than one",
        "see `goodoffices guest list`; name the guest by the whole name or the beginning of the desk's number",
    ),
    "guest-without-name": Entry(
        "the invitation does not say who the guest is",
        "write the guest's name as all delegations will read it",
    ),
    "guest-provider": Entry(
        "an interpreter, adviser or observer is provided by the host, by one of the delegations, or by nobody",
        "choose who provides the guest again",
    ),
    "guest-rooms": Entry(
        "a guest is invited into the plenary or into groups, each named once, and never into a caucus or the sounding room",
        "choose the rooms again",
    ),
    "guest-invited-already": Entry(
        "the guest is invited already, on these very terms",
        "nothing is to be done; other terms are proposed as a new invitation, which takes the place of this one",
    ),
    "guest-withdrawn-meanwhile": Entry(
        "a delegation has withdrawn the invitation, and this acceptance was written before its author knew that",
        "read the withdrawal, and propose the invitation again if all still want the guest",
    ),
    "guest-not-invited": Entry(
        "this guest is not invited, or no longer",
        "nothing is to be done; `goodoffices guest list` tells who is invited",
    ),
    "desk-file-is-link": Entry(
        "{file} is a link to another place: destroying it here would take the link away and leave what it points to; nothing was destroyed",
        "put the file itself in its place, and destroy again; so its bytes are written over where they are",
    ),
    "duty-desk": Entry(
        "a duty desk answers soundings and does nothing else",
        "do it at the desk of a member",
    ),
    # acts of a sounding
    "sounding-run-already": Entry(
        "this list has had its run",
        "a list is sounded once; propose to all to repeat it, or sound another list",
    ),
    "sounding-unknown": Entry(
        "there is no such sounding", "sync, and choose one of the soundings in the record"
    ),
    "sounding-over": Entry(
        "the sounding is over",
        "nothing more can be answered in it; propose to all to repeat it",
    ),
    "sounding-attempt": Entry(
        "another attempt of the sounding is under way (number {attempt})",
        "sync; the desk answers in the attempt that is under way",
    ),
    "sounding-step": Entry(
        "step {step} of the sounding is not due",
        "sync; the desk answers when the messages before it are there",
    ),
    "sounding-piece": Entry(
        "piece {piece} of the message is not the next, or not of the length of one",
        "sync; the desk sends the pieces in their order",
    ),
    "sounding-released": Entry(
        "all have committed to a box of this attempt, or one was opened: it cannot be given up any more",
        "wait for the host to open the box or to end it",
    ),
    "sounding-too-many": Entry(
        "this delegation has {most} soundings under way already",
        "wait until one of them has ended, and open this one then",
    ),
    "box-not-announced": Entry(
        "the delegation has not committed to this by an act of its own",
        "nothing to do: an entry that the delegation did not announce has no effect",
    ),
    "sounding-answered": Entry(
        "this has been answered for the delegation already",
        "nothing is to be done; the first answer stands",
    ),
    "sounding-not-yours": Entry(
        "another desk answers soundings for the delegation",
        "hand your marks to that desk; if it is gone, have its member recalled",
    ),
    "box-ended": Entry(
        "the box was opened or closed before",
        "keep both entries: a host that ends a box twice can be convicted by them",
    ),
    # papers and consent
    "letter-to": Entry(
        "the letter does not name the delegations that it is for",
        "choose one or more other delegations of these talks, each once",
    ),
    "letter-not-head": Entry(
        "letters are between heads of delegation, and the author is none",
        "have the head of your delegation write it; docs/running-a-desk.md says who is a head",
    ),
    "letter-no-head": Entry(
        "a delegation that the letter is for has no head who reads the plenary",
        "wait until it has accredited a member with the powers to agree and to release",
    ),
    "letter-late": Entry(
        "the readers or the keys of the heads have changed since the letter was written",
        "sync and send it again; it is then sealed to those who are heads now",
    ),
    "letter-form": Entry(
        "the letter does not have the form of one, or is too long",
        "shorten it, or file the rest as an annex",
    ),
    "letter-closed": Entry(
        "this desk cannot open the letter",
        "it is for the heads of the delegations that it names; if you are one of them, ask its author to send it again",
    ),
    "annex-pieces": Entry(
        "the pieces that the annex names are not those of a file of its size",
        "file it again with `goodoffices annex file` or in the plenary; a file has at most 32 MiB",
    ),
    "annex-too-large": Entry(
        "the file has {size} bytes; an annex has at least 1 and at most {limit}",
        "split it, or file it by its hash alone and send the file another way",
    ),
    "annex-unknown": Entry(
        "there is no such annex", "choose one of those that `goodoffices annex list` shows"
    ),
    "annex-kept-back": Entry(
        "only the hash of this annex is on record",
        "ask the delegation that filed it for the file, and compare the hash",
    ),
    "annex-incomplete": Entry(
        "{missing} of {count} pieces of the annex have not arrived",
        "sync; if they stay away, ask the delegation that filed it to file it again",
    ),
    "annex-differs": Entry(
        "the pieces of the annex do not make the file that its author signed",
        "do not rely on it; tell the delegation that filed it, and ask for the file again",
    ),
    "paper-origin-unknown": Entry(
        "the non-paper shows its origin to other desks, or to none",
        "take it as nobody's; ask those who should have sent it",
    ),
    "paper-no-evidence": Entry(
        "entry {index} is a paper that nobody signed or a piece of a file, not an act: it proves nothing of anybody",
        "disclose an act instead; whoever could read such a paper could have made it",
    ),
    "paper-not-here": Entry(
        "a non-paper goes to a room that other delegations read",
        "choose the plenary; among yourselves make a statement in the caucus",
    ),
    "quotation-differs": Entry(
        "these words are not those of the recorded quotation",
        "compare them letter by letter with the source; the hash is over the exact words",
    ),
    "words-in-caucus": Entry(
        "words that were said in your caucus are about to leave your delegation; nothing was sent",
        "say it in other words; or, if they may be heard by all, say it again with `--even-so`",
    ),
    "words-in-group": Entry(
        "words of a group are about to leave for a room where not everybody reads that group; nothing was sent",
        "say it in other words, or refer the result together; or, if all there may hear it, say it again with `--even-so`",
    ),
    "consent-missing": Entry(
        "your delegation's own rule asks for more consents of other members before this leaves (still missing: {missing}); nothing was sent",
        "put it before them: *Ask for consent* on the page, or `goodoffices caucus consent ask`",
    ),
    "consent-rule": Entry(
        "a rule of consent names acts that bind, each once, and asks for 1 to {most} members; to end it, name none and ask for 0",
        "choose from the acts that `goodoffices caucus consent acts` lists",
    ),
    "consent-rule-in-force": Entry("this rule is in force already", "nothing is to be done"),
    "consent-not-head": Entry(
        "the first rule of consent is set by a head of the delegation, or by a member of its capital",
        "ask your head of delegation to set it",
    ),
    "consent-draft": Entry(
        "what is put before the members is not the draft of an act that binds",
        "do the act at your desk; if the rule holds it back, ask for consent then",
    ),
    "consent-asked": Entry(
        "consent was asked for this already", "wait for the other members, or consent to it at your own desk"
    ),
    "consent-unknown": Entry(
        "no draft with this content waits for consent",
        "look at the caucus: it may have left already, or its words have changed and consent is asked for anew",
    ),
    "consent-own": Entry(
        "who asked for consent does not give it", "another member of the delegation has to consent"
    ),
    "consent-given": Entry("you have consented to this already", "wait for the other members"),
    "consent-nothing": Entry(
        "nothing was held back at this desk",
        "do the act first; if the rule holds it back, ask for consent then",
    ),
    # another host, other rules
    "venue-card-wrong": Entry(
        "this is not the card of a venue, or not one that its host signed ({why})",
        "ask the new host for its card again: `goodoffices venue card` writes it",
    ),
    "venue-had-already": Entry(
        "these talks are, or were, with this host ({address})",
        "name a host that they never had: the register of the former one goes on beside yours",
    ),
    "venue-changed": Entry(
        "the talks have moved to {address}, and this desk has not",
        "sync: the desk moves by itself once the new venue has taken the register over. If it has not, hand it the file that `goodoffices desk move --file` writes. Nothing that you wrote is lost",
    ),
    "venue-stays": Entry(
        "the delegations have not named another host, or this desk has moved already",
        "nothing is to be handed over; a host is named with `goodoffices course move CARD`, and accepted by all others",
    ),
    "venue-not-ready": Entry(
        "the new venue {address} does not have the register of these talks yet, or not your caucus",
        "the head of each delegation writes the file with `goodoffices desk move --file FILE` and brings it to the new host; then sync",
    ),
    "venue-differs": Entry(
        "the new venue {address} shows another record than this desk has verified ({why})",
        "do not go on there; this desk stays as it is. Tell the other delegations, and have the register handed over again or name another host",
    ),
    "venue-not-named": Entry(
        "the delegations have not named the host {address} for these talks",
        "do not use it; ask the other delegations by another channel which host was named",
    ),
    "rules-not-newer": Entry(
        "version {rules} of the rules does not come after the one in force ({now})",
        "name a later version, or leave the rules as they are",
    ),
    "rules-unknown-here": Entry(
        "this release does not know version {rules} of the rules",
        "install a release that knows it first: you cannot agree to rules that your desk could not apply",
    ),
    "rules-newer": Entry(
        "from entry {index} on, version {rules} of the rules is in force, which this release does not know",
        "install a release that knows it and open this folder with it: your desk goes on from there. It judges nothing meanwhile, and loses nothing",
    ),
    # rules of the talks
    "act-not-plain": Entry(
        "the {field} of an act has a character that is not allowed at position {position} ({why})",
        "type it again at that position; invisible and look-alike characters are refused",
    ),
    "act-language": Entry(
        "the {field} of an act does not name a language", "write a tag such as en, ru, kk or zh-Hant"
    ),
    "act-unreadable": Entry(
        "what is inside an entry is not an act",
        "it has no effect; ask its author which release of Good Offices made it",
    ),
    "act-signature": Entry(
        "the signatures of an act do not verify",
        "it has no effect; tell its supposed author by another channel, and keep the record as evidence",
    ),
    "author-unknown": Entry(
        "an act names an author that no delegation has certified",
        "it has no effect; ask the delegations whether a desk of theirs still waits for its certificate",
    ),
    "desk-recalled": Entry(
        "the author of the act had been recalled", "it has no effect; another member can do the act again"
    ),
    "member-not-accredited": Entry(
        "the author has no credentials in the plenary yet",
        "have the head of the delegation accredit the member, then do the act again",
    ),
    "other-talks": Entry(
        "the act belongs to other talks", "it has no effect; its author must do it again here"
    ),
    "room-differs": Entry(
        "the act was meant for another room than the one it was sealed to",
        "it has no effect; its author must do it again in the right room",
    ),
    "room-wrong": Entry("{event} is no act of the {room}", "do it in the room where the rules place it"),
    "room-unknown": Entry("there is no such room", "choose one of the rooms of these talks"),
    "chain-broken": Entry(
        "the act does not follow its author's last act; number {expected} was expected",
        "it has no effect; if the desk was restored from a backup, certify it anew as another desk",
    ),
    "seen-ahead": Entry(
        "the act says that its author saw entries that were not there yet",
        "it has no effect; ask its author to do it again after fetching the record",
    ),
    "seen-runs-back": Entry(
        "the act says that its author saw less than before",
        "it has no effect; ask its author to do it again, and to certify a restored desk as another one",
    ),
    "seen-differs": Entry(
        "the act's author saw another record at size {size}",
        "stop and compare the record with the other side by another channel: the host may show two histories",
    ),
    "seen-unsigned": Entry(
        "the host did not sign what the act says that its author saw",
        "it has no effect; ask its author to do it again",
    ),
    "time-runs-back": Entry(
        "the act is dated before its author's last act",
        "set the clock of that computer right, then do the act again",
    ),
    "common-missing": Entry(
        "an act of the caucus does not say which common record it was judged by",
        "it has no effect; its author must do it again",
    ),
    "common-unexpected": Entry(
        "an act of a common room refers to another register", "it has no effect; its author must do it again"
    ),
    "common-behind": Entry(
        "an act of the caucus was judged by {size} entries of the common record; this desk holds {held}",
        "fetch the common record first, then open the caucus",
        retry_safe=True,
    ),
    "entry-out-of-order": Entry(
        "entry {index} came where entry {expected} was expected",
        "fetch the record again from entry {expected}",
    ),
    "genesis-twice": Entry(
        "a second genesis stands in the register",
        "it has no effect; ask the host what it is, and keep the record",
    ),
    "manifest-not-in-force": Entry(
        "the act was sealed to an epoch that was not in force",
        "it has no effect; its author must do it again under the present epoch",
    ),
    "not-reader": Entry(
        "the author was not among the readers of the {room} in that epoch",
        "wait for the next epoch, which names the author, then do the act again",
    ),
    "manifest-superseded": Entry(
        "another desk began the next epoch first", "nothing is lost: the first valid epoch stands"
    ),
    "manifest-epoch": Entry("the epoch has the wrong number", "begin the epoch again from the present one"),
    "manifest-head": Entry(
        "the epoch does not name what its author had seen", "begin the epoch again from the present record"
    ),
    "manifest-readers": Entry(
        "the epoch does not name exactly the accredited readers",
        "ask its author why; a reader too many or too few is evidence. Begin the epoch again",
    ),
    "epoch-unknown": Entry("an epoch secret belongs to no epoch of the room", "ask for the epochs again"),
    "epoch-secret-wrong": Entry(
        "an epoch secret is not the one that its manifest commits to",
        "ask another desk for the epochs; keep this entry as evidence",
    ),
    "kem-invalid": Entry("a key for sealing has the wrong form", "renew the key with this release"),
    "desk-keys-invalid": Entry(
        "a key in the statement of the desk has the wrong length",
        "open the desk again with this release; nothing of that desk stands",
    ),
    "introduced-twice": Entry(
        "this delegation or desk was introduced before", "compare the keys by another channel before going on"
    ),
    "introductions-missing": Entry(
        "not every delegation has introduced itself", "wait until all delegations have opened a desk"
    ),
    "statement-foreign": Entry(
        "a statement of a root is about other talks or another delegation",
        "have the root sign it for these talks",
    ),
    "capital-apart": Entry(
        "members of the capital are accredited only in the caucus", "do it in the room where it belongs"
    ),
    "capital-only-reads": Entry(
        "the capital reads the {room} and has no place in it",
        "give instructions in the caucus: `goodoffices instructions give`; a member at the table acts on them",
    ),
    "capital-waits": Entry(
        "colleagues have acted by a part of the common record whose key this desk has not been handed yet",
        "run `goodoffices desk sync` after a desk of your delegation has done so: it hands the key over",
    ),
    "powers-not-sorted": Entry(
        "the powers in the credentials are repeated or out of order",
        "write the credentials again with this release",
    ),
    "member-elsewhere": Entry("this member id belongs to another delegation", "give the member a new id"),
    "member-recalled": Entry(
        "the member has been recalled for good", "accredit the person again under a new member id"
    ),
    "number-not-next": Entry(
        "newer credentials are in force", "have the root sign credentials with the next number"
    ),
    "desk-not-introduced": Entry(
        "the certificate is for a desk that was not introduced with these keys",
        "introduce the desk first; if it was, compare its keys by another channel",
    ),
    "successor-wrong": Entry(
        "the new root is not the one that the last root committed to",
        "use the successor of the recovery kit; if this was not you, keep the record as evidence",
    ),
    "number-differs": Entry(
        "the number that was compared is not the number of these keys",
        "stop: somebody may stand between you. Compare the number again by voice, and confirm nothing before it is equal",
    ),
    "keys-not-compared": Entry(
        "the author's delegation has not compared keys yet",
        "read the 60 digits with the other side by another channel, and confirm them",
    ),
    "power-lacking": Entry(
        "the author has no power to {power}; the act has no effect unless it is confirmed",
        "have a member with that power confirm it",
    ),
    "full-powers-missing": Entry(
        "the author's full powers have not been found in order by all; the signature has no effect yet",
        "produce full powers and wait until every other delegation has found them in order; then sign, or confirm a signature that is on record",
    ),
    "full-powers-empty": Entry(
        "full powers need a document, or the word that they are held ex officio",
        "name the document with --document; or add --ex-officio for a head of state or government, or a foreign minister",
    ),
    "full-powers-unknown": Entry(
        "no full powers were produced by that act, or it is not clear which are meant",
        "see `goodoffices outcome show`, and name the entry; sync first if it shows none",
    ),
    "full-powers-none": Entry(
        "no full powers of another delegation wait to be found in order",
        "run `goodoffices desk sync`; `goodoffices outcome show` lists those found already",
    ),
    "full-powers-several": Entry(
        "several full powers wait to be found in order: {waiting}",
        "examine them one by one, and name the entry of each: `goodoffices outcome powers find N`",
    ),
    "full-powers-found-already": Entry(
        "your delegation has examined these full powers; what it found stands",
        "if it was a mistake, ask the other delegation to produce full powers again; they are examined anew",
    ),
    "reason-missing": Entry(
        "full powers are found not in order without a word of why",
        "say in a few words what is wrong or missing, so that the other delegation can produce others",
    ),
    "full-powers-own": Entry(
        "a delegation cannot find its own full powers in order", "wait for the other delegations"
    ),
    "act-unknown": Entry(
        "there is no act at that place that waits for confirmation", "choose one from the list"
    ),
    "act-not-yours": Entry("the act is of another delegation", "only its own delegation can confirm it"),
    "acceptance-unknown": Entry(
        "there is nothing pending that your delegation has accepted under this hash",
        "look whether it is complete already: then it can only be changed by all",
    ),
    "crossed": Entry(
        "two acts crossed: their authors had not seen each other",
        "neither has effect; both stand side by side. Accept one of them now that both are seen",
    ),
    "crossed-late": Entry(
        "something else was settled at entry {index}, which the author had not seen, and has been built upon",
        "read what was settled; propose again over the present text",
    ),
    "modalities-unknown": Entry(
        "no such modalities were proposed, or it is not clear which are meant",
        "run `goodoffices desk sync`, then name one of those that `goodoffices modalities show` prints, by its number",
    ),
    "modalities-invalid": Entry(
        "a part of the modalities is missing or cannot stand: {field}",
        "every delegation is named and at least one language, levels of the convening rule are those of the modalities; "
        "mend this part and propose again",
    ),
    "modalities-in-force": Entry("these modalities are in force already", "there is nothing to do"),
    "modalities-stale": Entry(
        "other modalities came into force meanwhile", "read them, and propose your changes over them"
    ),
    # meetings
    "sitting-unknown": Entry(
        "there is no such sitting",
        "choose one of the list; one from which a delegation stepped back is proposed anew",
    ),
    "sitting-not-named": Entry(
        "there are several sittings: {titles}", "name one with `--sitting`, by its title or its number"
    ),
    "sitting-invalid": Entry(
        "a part of the sitting is missing or cannot stand: {field}",
        "mend this part and propose the sitting again",
    ),
    "sitting-agreed": Entry(
        "all have accepted this sitting", "declare readiness, or confirm it when nothing is missing any more"
    ),
    "sitting-not-agreed": Entry(
        "not every delegation has accepted this sitting", "wait until all have accepted it"
    ),
    "sitting-convened": Entry("the sitting is convened", "to call it off, propose to all to close it"),
    "sitting-not-convened": Entry(
        "the sitting is not convened", "see what is still missing: `goodoffices meeting missing`"
    ),
    "sitting-elsewhere": Entry("the sitting is held in another room", "do it in the room of the sitting"),
    "sitting-course": Entry(
        "this cannot be done while the sitting is {course}",
        "see how the sitting stands, and do what comes next",
    ),
    "sitting-over": Entry("the sitting is over", "agree its procès-verbal, or propose another sitting"),
    "convening-rule-unmet": Entry(
        "the convening rule is not met yet: {missing}",
        "see what is missing and whose part it is: `goodoffices meeting missing`; all together can waive a condition",
    ),
    "condition-unreadable": Entry(
        "a condition of a convening rule cannot be read",
        "write one of these; a text is named by its short name, and provisions as a screen calls them: {words}",
    ),
    "condition-unknown": Entry(
        "the convening rule of this sitting has no such condition, or it was waived",
        "name a condition that is still missing",
    ),
    "expectations-hash": Entry("what was committed to is no hash", "seal the expectations with this release"),
    "expectations-key": Entry("what was announced is no key", "seal the expectations with this release"),
    "expectations-attempt": Entry(
        "expectations are sealed in the present box (number {attempt}), at most in eight, and until they are opened",
        "sync and see how they stand",
    ),
    "expectations-sealed": Entry(
        "the delegation has sealed its expectations", "wait until all have; the host then opens them together"
    ),
    "attendance-invalid": Entry(
        "somebody is named twice, or no member sits for the delegation",
        "name each person once, and at least one who sits",
    ),
    "not-attending": Entry(
        "the delegation has not announced that this member sits",
        "announce who sits for the delegation, this member among them",
    ),
    "floor-requested": Entry("the floor was asked for", "wait for your turn"),
    "floor-not-requested": Entry("the floor was not asked for", "there is nothing to take back"),
    "floor-held": Entry(
        "another delegation has the floor, and there is no clock",
        "wait until it gives the floor on; a sitting can be suspended at any time",
    ),
    "floor-not-next": Entry("it is somebody else's turn", "sync, and give the floor to the next on the list"),
    "floor-free": Entry("nobody has the floor and nobody waits", "ask for the floor"),
    "floor-not-yours": Entry("you do not have the floor", "ask for the floor and wait for your turn"),
    "not-presiding": Entry("another delegation presides over this sitting", "wait until it gives the floor"),
    "item-under-discussion": Entry("this item is under discussion", "there is nothing to do"),
    "minutes-empty": Entry(
        "the procès-verbal has no words in a language", "write it in at least one language"
    ),
    "minutes-agreed": Entry("the procès-verbal of this sitting is agreed", "there is nothing to do"),
    "minutes-unknown": Entry("no such procès-verbal was proposed", "choose one of those that were proposed"),
    "item-unknown": Entry("there is no such item", "choose an item of the agenda, or propose it"),
    "item-agreed": Entry("the item is agreed already", "there is nothing to do"),
    "item-not-yours": Entry(
        "another delegation proposed this item", "leave it, or say why you do not accept it"
    ),
    # group rooms
    "group-opened-already": Entry(
        "a group with exactly this title, level and mandate has been opened already",
        "use the group that is there, or give the new one another title or mandate",
    ),
    "group-not-begun": Entry(
        "the group has no keys yet",
        "it opens by itself when two delegations have named members for it; sync again then",
    ),
    "group-not-disclosed": Entry(
        "an act of a group cannot be shown to outsiders by a file of its own",
        "refer what it says to the plenary; what is said there can be shown",
    ),
    "group-without-mandate": Entry(
        "a group needs a title and a mandate", "say in words what the group is to do, then propose it again"
    ),
    "group-unknown": Entry(
        "no group is named so, or more than one",
        "see `goodoffices room list`; name the group by its whole title or the beginning of its number",
    ),
    "referral-unknown": Entry(
        "nothing that was referred to this room is called so",
        "name it by its title or the beginning of its hash, as `goodoffices room show` prints them, with `--room` for the room that received it",
    ),
    "referred-no-text": Entry(
        "what was referred is no text that this desk can read in {room}: no words with this hash are there",
        "let a member table it who reads the room it comes from; if it is no text, there is nothing to table",
    ),
    "subject-unknown": Entry(
        "nothing in that room is called so",
        "name a text, an annex or an agreed item as `goodoffices room show` prints it, or give its whole hash",
    ),
    "group-closed": Entry(
        "the group is closed; what was said there stays, and nothing more can be said in it",
        "say it in the plenary, or propose a new group",
    ),
    "members-not-sorted": Entry(
        "the list of members is repeated or out of order", "name the members again with this release"
    ),
    "members-named-meanwhile": Entry(
        "your delegation has sent another list meanwhile, which the author of this one had not seen",
        "look at who is named now, and name again whom you send",
    ),
    "member-not-named": Entry(
        "the delegation has not named this member for the group, or has withdrawn the member from it",
        "have your delegation name the member for the group, then do the act again",
    ),
    "member-below-level": Entry(
        "a member of a lower level ({level}) cannot read or act above; the group is for {least} and higher",
        "name a member of that level, or refer the matter to a room of the member's own level",
    ),
    "referral-elsewhere": Entry(
        "a referral is accepted in the room that receives it, and comes from another room",
        "do it in the receiving room, and name the room from which it comes",
    ),
    "referred-already": Entry(
        "this has been referred here already in exactly these words", "there is nothing to do"
    ),
    "annex-twice": Entry("an annex of this name is on record", "file it under another name"),
    "talks-broken-off": Entry(
        "the talks are broken off",
        "send an urgent note, notify an incident, or propose to resume; what was signed can still be confirmed, deposited and closed",
    ),
    "talks-running": Entry("the talks are running", "there is nothing to resume"),
    "talks-concluded": Entry(
        "the talks are concluded", "confirm, deposit and close; for anything else open new talks"
    ),
    "instrument-unknown": Entry(
        "no text of this name is on the table", "table it, or choose one from the list"
    ),
    "instrument-tabled": Entry("a text of this name is on the table", "table it under another name"),
    "instrument-differs": Entry(
        "the act names another text than the present one", "read the present text and do the act again"
    ),
    "amendment-unknown": Entry("no such amendment was proposed", "choose one from the list"),
    "units-missing": Entry("the act names no provision", "choose the provisions it is about"),
    "units-repeated": Entry("the act names a provision twice", "name each provision once"),
    "initialled-already": Entry("the delegation has initialled this text", "there is nothing to do"),
    "signed-already": Entry(
        "the delegation has signed this text", "confirm the signature if it was ad referendum"
    ),
    "signature-unknown": Entry(
        "there is no signature ad referendum of your delegation by that act", "see `goodoffices outcome show`"
    ),
    "signatures-missing": Entry("not every delegation has signed", "wait until all have signed"),
    "text-signed": Entry(
        "the text has been signed by a delegation", "negotiate another text, such as a protocol to it"
    ),
    "depositary-unknown": Entry(
        "the depositary that is named is no delegation of these talks, and none that all have admitted",
        "name a delegation, or let all admit the depositary first with `goodoffices outcome depositary admit`",
    ),
    "deposited-already": Entry("the instrument has been deposited", "there is nothing to do"),
    "closing-signature-stands": Entry(
        "the signature of a closing record cannot be taken back",
        "if the talks have moved on, draw up a new record with `goodoffices outcome close --new`, and let all sign that",
    ),
    "closing-power-lacking": Entry(
        "the author has no power to {power}, and the signature of a closing record cannot be confirmed later",
        "let a member with that power sign the closing record",
    ),
    "not-deposited": Entry(
        "the text {instrument} is not deposited with anybody",
        "let all designate the depositary with `goodoffices outcome deposit`; then its desk certifies copies",
    ),
    "depositary-only": Entry(
        "only the depositary certifies copies; if it is a delegation, by a member with the power to agree",
        "ask the depositary, {name}, for a certified copy",
    ),
    "paper-incomplete": Entry(
        "the attestation of a signature on paper lacks {part}",
        "name place, date and every person who signed, and take the hash of the scan",
    ),
    "paper-attested-already": Entry(
        "the signature of this original on paper is already attested by all",
        "there is nothing to do; another original has another scan",
    ),
    "record-languages": Entry(
        "the procès-verbal of signature must have words in every authentic language of the text: {languages}",
        "add what is missing, and take out other languages",
    ),
    "signature-recorded-already": Entry(
        "the procès-verbal of signature is already agreed by all",
        "make a statement if something is to be added",
    ),
    "depositary-card-wrong": Entry(
        "the card of the depositary does not hold: {why}",
        "ask the depositary for its card again, and compare its number with it",
    ),
    "depositary-admitted-already": Entry(
        "all delegations have admitted {name} as a depositary already",
        "designate it for a signed text with `goodoffices outcome deposit`",
    ),
    "deposit-receipt-wrong": Entry(
        "the receipt of the deposit does not hold: {why}",
        "do not rely on it; ask the depositary for its receipt again",
    ),
    "deposit-receipt-foreign": Entry(
        "the receipt is not of this deposit: {why}",
        "bring the receipt that the depositary gave for the newest file of this text",
    ),
    "deposit-by-delegation": Entry(
        "the depositary of this text is a delegation, which has it",
        "ask that delegation for a certified copy",
    ),
    "depositary-not-known": Entry(
        "nobody who can keep the original is called so, or several are",
        "name one of them, by its name or its number: {names}",
    ),
    "deposit-received-already": Entry(
        "the receipt of this deposit is on record already", "nothing is to be done"
    ),
    "errata-missing": Entry(
        "the notice names no error", "name provision, language, the words as they stand and as they should"
    ),
    "erratum-not-found": Entry(
        "the words to correct do not stand exactly once in {unit} in {language}, or nothing changes in them",
        "copy the words from the text as it stands now, with enough of the words around them",
    ),
    "correction-days": Entry(
        "the days within which to object are not a number from 0 to {most}", "choose a time such as 90 days"
    ),
    "correction-not-depositary": Entry(
        "only the depositary of a deposited text sets days within which to object",
        "notify the error without days: it is corrected when all accept; or ask the depositary to notify it",
    ),
    "correction-until": Entry(
        "a notice with days within which to object has no other time limit", "leave out `--until`"
    ),
    "correction-unknown": Entry("no such error was notified", "sync, and choose one of those notified"),
    "correction-ended": Entry(
        "the notice of this error has ended: it was corrected, objected to, or overtaken by another correction",
        "look at what became of it; if an error remains, notify it again",
    ),
    "silence-not-allowed": Entry(
        "the modalities in force do not allow the silence procedure",
        "propose modalities that allow it, or ask every delegation to accept",
    ),
    "silence-hours": Entry(
        "the hours of a silence are not a number from 1 to {most}", "choose another number"
    ),
    "silence-about": Entry(
        "a silence is about provisions that are named, or about the whole text, and not about both",
        "name provisions, or the whole text",
    ),
    "silence-open-already": Entry(
        "the same proposal is under silence already", "wait for its end, or break it first"
    ),
    "silence-unknown": Entry("no such proposal is under silence", "sync, and choose one of those shown"),
    "silence-ended": Entry(
        "this silence has ended: what was proposed was adopted, broken or overtaken, or the talks were interrupted",
        "look at what became of it; what was adopted is reopened by all together",
    ),
    "objection-reason-missing": Entry(
        "an objection to a correction does not say why", "say in a few words why it is no error"
    ),
    "attestation-empty": Entry("the attestation says nothing", "say what your delegation destroys, and when"),
    "destruction-days": Entry(
        "the days after which keys and archive are destroyed are not a number from 1 to {most}",
        "choose another number, or leave it out",
    ),
    "until-not-allowed": Entry(
        "a closing record is signed without a time limit",
        "sign it without `--until`",
    ),
    "closing-differs": Entry(
        "the closing record does not say what the record says ({part})",
        "sync; when all have signed the text, draw it up again with `goodoffices outcome close --new`",
    ),
    # conditions asked of the host
    "console-nothing-answered": Entry(
        "nothing was answered that had not been answered so before",
        "choose an answer for one item at least, or change one",
    ),
    "no-offer": Entry(
        "this sounding is not the list of an offer of the host",
        "mark it with `goodoffices sounding mark`; `goodoffices sounding list` shows which is which",
    ),
    "offer-part-missing": Entry(
        "no part of the offer is chosen",
        "choose the parts that you accept, or accept it wholly, or nothing",
    ),
    "offer-part-unknown": Entry(
        "the offer has no part called {part}",
        "its parts are: {parts}",
    ),
    "conditions-sitting": Entry(
        "the request names a sitting that the plenary does not know",
        "name one that has been proposed, or ask without naming one",
    ),
    "conditions-file-invalid": Entry(
        "the file of the request for conditions cannot be read: {why}",
        "mend that place; docs/running-a-desk.md shows such a file",
    ),
    "conditions-invalid": Entry(
        "the request for conditions breaks its form ({why})",
        "mend that part of the request, and propose it again",
    ),
    "conditions-foreign": Entry(
        "the request for conditions is not of these talks and all their delegations",
        "propose it at a desk of these talks",
    ),
    "conditions-number": Entry(
        "the request for conditions has the number {number}, and the next one is {next}",
        "another request was accepted meanwhile: look at it, and propose yours anew if it is still wanted",
    ),
    "conditions-unknown": Entry(
        "no request for conditions with the number {number} has been accepted by all",
        "`goodoffices conditions show` lists the requests; only what all have accepted is signed for the host",
    ),
    "conditions-replaced": Entry(
        "request {number} for conditions is asked no more: request {by} stands in its place",
        "use the later one",
    ),
    "conditions-signed-already": Entry(
        "your delegation has signed this request for the host already",
        "hand it over when all have signed",
    ),
    "conditions-signature": Entry(
        "the signature for the host is not this desk's over this request",
        "install the same release as the others; if it comes from another delegation, ask it what its desk sent",
    ),
    "conditions-unsigned": Entry(
        "not all delegations have signed request {number} for the host: {missing}",
        "wait for them; nothing reaches the host before all have signed",
    ),
    "conditions-answer-invalid": Entry(
        "the host's answer to the request for conditions breaks its form ({why})",
        "do not rely on it; ask the host for an answer that keeps its form",
    ),
    "conditions-evidence": Entry(
        "the evidence does not show two different answers under one number",
        "it convicts nobody; ask whoever gave it to you for the file that the desk wrote",
    ),
    "conditions-answer-differs": Entry(
        "the host has given two different answers under one number to request {number}, or takes an answer back",
        "do not rely on either; show the other delegations what you hold, and ask the host which one it stands by",
    ),
    "conditions-number-taken": Entry(
        "the host holds another request for conditions under the number {number}",
        "show the other delegations and the host what you hold; two requests of all under one number cannot both be right",
    ),
    "conditions-full": Entry(
        "the host holds {limit} requests for conditions of these talks already",
        "ask the host what it can do; no more can be handed over here",
    ),
    "conditions-not-held": Entry(
        "no request for conditions with the number {number} was handed over by such talks",
        "look at the list of requests, and name talks and number as they stand there",
    ),
    "conditions-answer-moved": Entry(
        "somebody else has answered this request meanwhile",
        "look at the new answer, and answer again what still differs",
    ),
    "handed-over-unsigned": Entry(
        "what was handed over is not signed by all delegations ({why})",
        "hand over what all have signed in the talks",
    ),
    # transport
    "request-not-signed": Entry(
        "the request is not signed by a desk or delegation that this venue knows",
        "check that the desk was enrolled with the invitation of this venue, and enrol it again if not",
    ),
    "clock-apart": Entry(
        "the clocks of the desk and of the venue are more than {minutes} minutes apart",
        "set the clock of the computer; the desk continues by the venue's clock meanwhile",
    ),
    "digest-differs": Entry(
        "the body of the request is not the one that its digest names",
        "send it again; if it happens again, something on the way changes what you send",
    ),
    "stream-broken": Entry(
        "the stream of the venue breaks its format ({why})",
        "check the address of the venue; the desk connects again by itself",
    ),
    "peaks-invalid": Entry(
        "the hashes that stand for the first {size} entries are wrong in number or length",
        "nothing was taken; ask the courier for another copy, or write a new letter",
    ),
    "pouch-broken": Entry(
        "the pouch does not hold ({why})",
        "nothing was taken; ask the courier for another copy, or write a new letter",
    ),
    "pouch-foreign": Entry(
        "the pouch is not for this desk ({why})",
        "nothing was taken; give the pouch that answers this desk's own letter",
    ),
    "by-courier": Entry(
        "this desk talks by courier, and this needs the network",
        "run `goodoffices desk sync` where the venue can be reached, do this, and write letters again afterwards",
    ),
    "letter-refused": Entry(
        "the venue refused the letter: {why}",
        "nothing else was changed; if the venue does not know the desk, its delegation's first desk must write first",
    ),
    "venue-not-served": Entry(
        "nothing is serving the venue in {path}",
        "start it with `goodoffices venue serve`, and hand the letter in again",
    ),
    # venue: answers to desks
    "request-replayed": Entry(
        "the venue has already answered this very request",
        "send the request again with a new number; a desk does so by itself",
    ),
    "request-malformed": Entry(
        "the request does not have the form that the venue expects ({why})",
        "install the same release of Good Offices as the venue has",
    ),
    "no-such-register": Entry(
        "the venue has no such register, or it is not for this desk",
        "check that the invitation is from this venue and for this delegation",
    ),
    "no-such-page": Entry(
        "the venue has no page at this address",
        "check the address; the public page is at /",
    ),
    "no-such-entry": Entry(
        "the register has {size} entries; number {index} is not among them",
        "fetch the current checkpoint and ask within it",
    ),
    "kind-not-allowed": Entry(
        "desks cannot append entries of kind {kind} to this register",
        "install the same release of Good Offices as the other desks have",
    ),
    "kind-reserved": Entry(
        "entries of kind {kind} are reserved for a later release of the venue",
        "ask the host which release it runs; the desk keeps what was to be sent",
    ),
    "register-full": Entry(
        "the register has reached the size that the host allows ({limit} bytes)",
        "ask the host to raise the limit, or change the venue; nothing that was received is lost",
    ),
    "desk-removed": Entry(
        "this desk was removed from the talks and cannot come back under the same number",
        "open a new desk with the invitation",
    ),
    "desks-full": Entry(
        "the delegation already has {limit} desks at this venue",
        "remove a desk that is no longer used",
    ),
    "too-many-requests": Entry(
        "the venue received more requests than it allows in a second",
        "wait a moment; the desk sends it again by itself",
        retry_safe=True,
    ),
    "venue-busy": Entry(
        "the venue has more work waiting than it can take",
        "wait a moment; the desk sends it again by itself",
        retry_safe=True,
    ),
    "venue-cannot-write": Entry(
        "the venue cannot write to its disk at the moment, and has kept nothing of this request",
        "tell the host; the desk sends it again by itself",
        retry_safe=True,
    ),
    "venue-closing": Entry(
        "the venue is about to stop",
        "the desk sends it again by itself when the venue is back",
        retry_safe=True,
    ),
    "venue-held": Entry(
        "the venue was restored from a backup and takes no new entries until its host confirms",
        "keep the desk connected, so that the venue gets back what it lost; ask the host to confirm then",
        retry_safe=True,
    ),
    "venue-fault": Entry(
        "the venue made a mistake of its own",
        "send it again; if it happens again, tell the host the time of it",
        retry_safe=True,
    ),
    "request-too-slow": Entry(
        "the request did not arrive within {seconds} seconds",
        "check the network; the desk sends it again by itself",
        retry_safe=True,
    ),
    "recovery-refused": Entry(
        "these entries do not continue the register under the host's own signature ({why})",
        "fetch the current checkpoint and offer what follows it",
    ),
    "communique-not-ours": Entry(
        "the communiqué is not one of these talks: {why}",
        "sync, export it again from a desk of these talks, and hand that over",
    ),
    "communique-early": Entry(
        "by the host's clock the communiqué is under embargo",
        "wait for its hour; if it has come, ask the host to set its clock",
    ),
    "communiques-full": Entry(
        "the host shows {limit} communiqués of these talks and takes no more",
        "ask the host to take off the page what is no longer needed there",
    ),
    # venue: talks taken over
    "register-file-wrong": Entry(
        "the file does not hold talks that can be taken over here ({why})",
        "ask the delegation that brought it to write it again; nothing was changed",
    ),
    # venue: what the host is told
    "venue-folder-exists": Entry(
        "{path} already exists and is not empty",
        "name a folder that does not exist yet",
    ),
    "venue-folder-missing": Entry(
        "{path} is not a venue folder",
        "make one with: goodoffices venue init --venue {path} --name NAME",
    ),
    "venue-folder-newer": Entry(
        "{path} was made by a newer release (folder format {version})",
        "install the release of Good Offices that made it, or a newer one",
    ),
    "venue-settings-invalid": Entry(
        "the settings in {path} cannot be used ({why})",
        "correct that line; docs/operating-a-venue.md lists every setting",
    ),
    "venue-name-invalid": Entry(
        "{name} cannot be the name of a venue",
        "use a short name in plain letters, or the address without https://, such as venue.example",
    ),
    "venue-database-unsupported": Entry(
        "this release keeps a venue in SQLite only, not in {scheme}",
        "leave out --database; the database is made inside the venue folder",
    ),
    "venue-running": Entry(
        "another process (number {pid}) serves this venue folder",
        "stop that process first; one folder has one server",
    ),
    "venue-address-invalid": Entry(
        "{listen} is not an address to listen on",
        "give it as HOST:PORT, such as 127.0.0.1:8443",
    ),
    "venue-address-taken": Entry(
        "cannot listen on {listen} ({why})",
        "choose another port with --listen, or stop the program that uses it",
    ),
    "venue-tls-invalid": Entry(
        "the certificate and key for TLS cannot be used ({why})",
        "give both --tls-cert and --tls-key as PEM files that belong together",
    ),
    "venue-parties-invalid": Entry(
        "talks cannot be offered to {parties} parties",
        "name between 2 and 16 parties",
    ),
    "venue-file-exists": Entry(
        "{path} already exists",
        "name a file or folder that does not exist yet",
    ),
    "venue-database-damaged": Entry(
        "the database of the venue is damaged or not a venue's ({why})",
        "restore the venue from a backup: docs/operating-a-venue.md, Restoring",
    ),
    "venue-disk": Entry(
        "{path} cannot be read or written ({why})",
        "check that the disk has room and that the folder belongs to this user",
    ),
    "declaration-invalid": Entry(
        "the declaration cannot be used ({why})",
        "correct that place; docs/operating-a-venue.md says what a declaration may hold",
    ),
    "declaration-too-long": Entry(
        "{what} has {count} characters; the most is {most}",
        "shorten it; a longer paper can be handed over by other ways",
    ),
    "declaration-is-published": Entry(
        "declaration {number} was published, and is not withdrawn in a file",
        "take it from the public page with `goodoffices venue declaration withdraw`, which signs that; if a later one "
        "stands there, it has replaced this one",
    ),
    "declaration-not-signed": Entry(
        "no declaration with the number {number} was signed here",
        "`goodoffices venue declaration issued` lists those that were",
    ),
    "declaration-withdrawn-already": Entry(
        "declaration {number} is withdrawn already",
        "there is nothing more to do",
    ),
    "declaration-empty": Entry(
        "there is no declaration to publish",
        "write it first, in at least one language",
    ),
    "declaration-moved": Entry(
        "somebody else has changed the declaration since this page was opened",
        "compare what you typed with what is kept now, and save again if it is to stand",
    ),
    "console-passphrase-missing": Entry(
        "the operators' passphrase is not set",
        "set it with: goodoffices venue console-passphrase --venue {path}",
    ),
    "console-passphrase-damaged": Entry(
        "the file of the operators' passphrase in {path} is damaged",
        "set the passphrase again with: goodoffices venue console-passphrase --venue {path}",
    ),
    "console-passphrase-wrong": Entry(
        "this is not the operators' passphrase",
        "type it again; who may run programs as the venue's user can set a new one: goodoffices venue console-passphrase",
    ),
    "console-too-many-attempts": Entry(
        "too many passphrases were tried",
        "wait a minute and try again",
        retry_safe=True,
    ),
    "console-form-expired": Entry(
        "this page was opened before you logged in",
        "go back to the page, load it again and repeat the step; nothing was done",
    ),
    "console-page-unknown": Entry(
        "the console has no such page",
        "go back to the overview",
    ),
    "console-not-asked": Entry(
        "the box was not ticked: it was not said that every desk has synced",
        "ask every delegation, tick the box then, and go on",
    ),
    "venue-backup-damaged": Entry(
        "{path} is not a complete backup of a venue ({why})",
        "use another copy of the backup",
    ),
    # desk
    "folder-not-empty": Entry(
        "the folder {folder} is not empty",
        "name a new folder; an existing desk is opened by the other verbs",
    ),
    "no-desk-here": Entry(
        "there is no desk in {folder}",
        "name the desk's folder with --desk, or open a desk with `goodoffices desk open`",
    ),
    "folder-in-use": Entry(
        "another process is using {folder}",
        "close the other window of this desk, then try again; two processes on one desk would break its chain",
    ),
    "newer-folder": Entry(
        "the folder {folder} was made by another release (format {version})",
        "install the release of Good Offices that made it; nothing was changed",
    ),
    "disk-refused": Entry(
        "the disk under {folder} refused to write ({why})",
        "free space or mend the disk, then run the same command again; nothing acknowledged was lost",
        retry_safe=True,
    ),
    "invitation-damaged": Entry(
        "the file is not a whole invitation or hand-over file ({why})",
        "ask whoever gave it to you to hand it over again, on another way than e-mail if you can",
    ),
    "file-not-for-founding": Entry(
        "the file is neither a host's invitation nor a hand-over file of a delegation",
        "choose the file that the host or your head of delegation gave to you; nothing was made",
    ),
    "file-of-newer-release": Entry(
        "the file was made by a newer release of Good Offices",
        "install that release on this machine, then choose the file again; nothing was made",
    ),
    "file-for-founding-damaged": Entry(
        "the file is an invitation or a hand-over file, but it is not whole",
        "ask whoever gave it to you to hand it over again, by hand rather than by e-mail; nothing was made",
    ),
    "invited-unknown": Entry(
        "this person is not, or no longer, waiting to be admitted",
        "look at the list of those invited; whoever was admitted stands among the members",
    ),
    "venue-behind": Entry(
        "the venue shows {venue} entries, fewer than the {desk} this desk has already verified",
        "ask the host whether it restored a backup; your record is kept, and nothing was taken from this answer",
        retry_safe=True,
    ),
    "venue-withholds": Entry(
        "the venue has signed for {signed} entries and shows only {shown}",
        "ask the host for the rest; your record is kept, and what the venue withholds is not taken for absent",
        retry_safe=True,
    ),
    "answer-out-of-place": Entry(
        "the venue's answer begins at entry {got} instead of {expected}",
        "nothing was taken; try again, and tell the host if it happens twice",
    ),
    "register-broken": Entry(
        "the entries that the venue sent do not fit the root it signed for {size} entries",
        "nothing was taken; keep this message and compare with the other delegation by another channel",
    ),
    "genesis-differs": Entry(
        "the register does not begin with the genesis of your invitation",
        "do not go on; ask the host for a new invitation and tell the other delegation",
    ),
    "receipt-invalid": Entry(
        "the venue's receipt does not hold ({why})",
        "the act stays in the outbox and will be sent again; tell the host if it happens twice",
    ),
    "names-missing": Entry(
        "an invitation needs the names of the delegation, of the member and the member's capacity",
        "give --delegation, --member and --capacity; all three stay sealed",
    ),
    "hand-over-differs": Entry(
        "the hand-over file names another {what} than you gave",
        "leave the option out, or ask your head of delegation for another hand-over file",
    ),
    "not-first-desk": Entry(
        "only the delegation's first desk can do this",
        "ask the person who opened the host's invitation",
    ),
    "keys-not-compared-here": Entry(
        "the number has not been compared at this desk",
        "run `goodoffices desk compare`, read the digits with the other delegation by another channel, then confirm",
    ),
    "number-does-not-match": Entry(
        "the number you were read is not the number of this desk",
        "do not go on: somebody may stand between you; tell the other delegation by another channel",
    ),
    "room-not-open": Entry(
        "the {room} is not open yet",
        "it opens by itself when every delegation has compared the number and accredited its head; sync again then",
    ),
    "epoch-under-way": Entry(
        "a new epoch of the {room} is already on its way",
        "sync; when it has come back, begin another if you still need one",
    ),
    "room-closed-to-us": Entry(
        "this desk does not hold the present key of the room",
        "run `goodoffices desk sync`; if it stays so, your delegation has not admitted this desk",
    ),
    "desk-stopped": Entry(
        "this desk has stopped: it holds evidence against its host",
        "send nothing through this venue; give the file in {folder} to the other delegation and to your lawyers",
    ),
    "root-kit-needed": Entry(
        "this needs the delegation's root key",
        "bring the root key kit and name it with --root-kit",
    ),
    "root-kit-foreign": Entry(
        "this kit does not hold the root key that is in force for your delegation",
        "bring the kit that was made when the first desk was opened, or after the last succession",
    ),
    "level-unknown": Entry(
        "there is no level {level}",
        "choose one of: {levels}",
    ),
    "power-unknown": Entry(
        "there is no power {power}",
        "choose among: {powers}",
    ),
    "not-yet-introduced": Entry(
        "the desk of {name} has not shown its keys yet",
        "let {name} open the hand-over file and sync, then try again",
    ),
    "hand-over-broken": Entry(
        "the desk that came for {name} does not hold the hand-over's secret",
        "do not admit it; make a new hand-over file and give it to {name} by another way",
    ),
    "member-unknown": Entry(
        "no member of your delegation is called so",
        "list the members with `goodoffices desk status`, and give a whole name or the number before it",
    ),
    "state-differs": Entry(
        "the author of entry {entries} computed another state of the talks than this desk",
        "compare releases and records with the other delegation; then `goodoffices desk doubts --go-on`",
    ),
    "desk-unfinished": Entry(
        "opening the desk in {folder} was broken off before it was complete",
        "remove the folder and open the desk again with the same file; nothing had been sent",
    ),
    "closing-not-complete": Entry(
        "the closing record is not signed by every delegation",
        "let one delegation run `goodoffices outcome close`, and each of the others sync and run it after that; then sync and export again",
    ),
    "closing-unsigned": Entry(
        "the text {instrument} is adopted, and not signed by every delegation",
        "let all sign, and confirm what was signed ad referendum, then sync and close; if the talks end without signature, say so with `goodoffices outcome close --unsigned`",
    ),
    "cosignatures-missing": Entry(
        "{missing} delegations have not yet confirmed the register as it now stands",
        "let a desk of each delegation run `goodoffices desk sync`, then export again",
    ),
    "no-such-entry-here": Entry(
        "there is no entry {index}; this desk has verified {size}",
        "take the number from `goodoffices record show`",
    ),
    "venue-unreachable": Entry(
        "the venue at {url} does not answer ({why})",
        "your acts wait in the outbox; run `goodoffices desk sync` when the network is back",
        retry_safe=True,
    ),
    "venue-overloaded": Entry(
        "the venue at {url} is busy ({status}, {why})",
        "wait a minute and run `goodoffices desk sync`; your acts wait in the outbox",
        retry_safe=True,
    ),
    "venue-refused": Entry(
        "the venue at {url} refuses the request ({status}, {why})",
        "ask the host whether your desk is still enrolled; your acts wait in the outbox",
    ),
    # text
    "stale-base": Entry(
        "{unit} has changed since this was written (then {base}, now {current})",
        "compare both texts, and make the proposal again on the present one; nothing is merged by itself",
    ),
    "base-missing": Entry(
        "an act that changes {unit} does not name the text it was written against",
        "name the hash of every provision that the act touches",
    ),
    "unit-unknown": Entry(
        "there is no provision {unit} in this text", "list the provisions, and choose one of them"
    ),
    "unit-twice": Entry("two provisions have the same id", "give the new provision an id of its own"),
    "unit-parent": Entry(
        "{unit} does not stand after the provision it belongs to",
        "move it below that provision, or change its parent",
    ),
    "unit-has-parts": Entry("{unit} has provisions under it", "move or remove those first"),
    "unit-locked": Entry("{unit} is locked", "reopen it first; that needs everyone who locked it"),
    "unit-not-open": Entry(
        "{unit} is {status}; one side alone cannot put brackets into it",
        "reopen it together, or make a proposal",
    ),
    "unit-status": Entry(
        "{unit} is {status}, from which it cannot become {wanted}",
        "look at its status, and take the steps in their order",
    ),
    "text-closed": Entry(
        "the text is {phase}; its words stand",
        "if nobody has signed it, all can reopen it together: `goodoffices text reopen --whole`",
    ),
    "text-phase": Entry(
        "the text is {phase}, from which it cannot become {wanted}", "take the steps in their order"
    ),
    "not-all-reopen": Entry(
        "{unit} was locked by {needed} parties, and not all of them reopen it",
        "ask the others to reopen it as well",
    ),
    "not-all-confirmed": Entry(
        "{unit} is agreed ad referendum, and not everyone has confirmed it",
        "wait for the capitals, or ask them",
    ),
    "brackets-remain": Entry(
        "the text still has {slots} brackets and {placeholders} placeholders ({where})",
        "settle them, or take the provision out",
    ),
    "brackets-cross": Entry(
        "the brackets of {unit} are not balanced, or one of them is used twice",
        "close every bracket where it was opened, and give each one a name of its own",
    ),
    "brackets-differ": Entry(
        "a bracket of {unit} has different variants in different languages",
        "give it the same variants in every language, or bracket each language by itself",
    ),
    "brackets-change-words": Entry(
        "the brackets placed in {unit} would change its words",
        "place brackets around words that stand, with new words only as further variants",
    ),
    "slot-unknown": Entry(
        "there is no bracket {slot} in this text", "list the open brackets, and choose one of them"
    ),
    "variant-unknown": Entry("bracket {slot} has no variant {variant}", "choose one of its {of} variants"),
    "variants-joined": Entry(
        "keeping several variants of bracket {slot} would join words that nobody wrote",
        "keep one of them, or propose the complete words",
    ),
    "variants-unsorted": Entry(
        "the variants to keep of bracket {slot} do not stand in rising order, each once",
        "name each variant once, the lowest number first",
    ),
    "variant-not-text": Entry(
        "variant {variant} of bracket {slot} is not a text ({role})",
        "choose another variant, leave the bracket out, or propose the complete words",
    ),
    "result-differs": Entry(
        "settling these brackets does not give the text that was announced",
        "compare both texts, and announce the one that follows from the choices",
    ),
    "runs-not-plain": Entry(
        "the text of {unit} is not in its plain form",
        "write the provision again in the notation, and read it in anew",
    ),
    "notation": Entry(
        "the notation cannot be read at position {position}: {why}",
        "correct it there, and try again; nothing was kept",
    ),
    "language-tag": Entry("{language} does not name a language", "write a tag such as en, ru, kk or zh-Hant"),
    "language-missing": Entry("{unit} has no text in {language}", "set the text in that language first"),
    "text-id": Entry(
        "a short name has characters that are not allowed", "use letters, digits, dot, dash and underscore"
    ),
    "proposal-unknown": Entry(
        "there is no proposal {proposal}", "list the proposals, and choose one of them"
    ),
    "proposal-twice": Entry(
        "there is already a proposal {proposal}", "give the new proposal a name of its own"
    ),
    "proposal-not-pending": Entry(
        "proposal {proposal} is {status}", "choose one that is pending, or propose again"
    ),
    "proposal-empty": Entry(
        "the proposal changes nothing in {unit}", "write the complete new text, and propose it"
    ),
    "proposal-not-yours": Entry(
        "proposal {proposal} was made by another party", "only its author can withdraw it"
    ),
    "proposals-compete": Entry("two of the proposals change {unit}", "accept one of them"),
    "package-incomplete": Entry(
        "the proposals of package {package} stand or fall together", "accept all of them, or none"
    ),
    "concordance-differs": Entry(
        "the {language} text of {unit} is not the one that was certified",
        "read the present text, and certify that",
    ),
    "concordance-incomplete": Entry(
        "{count} provisions are not certified to say the same in every authentic language ({where})",
        "compare the languages, and certify them",
    ),
    "concordance-single": Entry(
        "a certificate for {unit} names fewer than two languages", "certify two languages or more together"
    ),
    "options-apart": Entry(
        "the provisions given as options do not follow one another",
        "name all provisions from the first option to the last, in the order of the text",
    ),
    "units-not-locked": Entry(
        "{count} provisions are not locked ({where})", "agree and lock them, or take them out"
    ),
    "draft-format-unknown": Entry(
        "drafts of the form {form} cannot be read yet",
        "save it as plain text (.txt) or Markdown (.md) with the encoding UTF-8",
    ),
    "draft-not-utf8": Entry(
        "line {line} of the draft is not in UTF-8", "save the file again with the encoding UTF-8"
    ),
    "draft-empty": Entry("the draft has no text", "choose another file"),
    "draft-head-unclosed": Entry(
        "the head of the draft begins with --- and never ends", "end the head with a line ---, or take it out"
    ),
    "draft-character": Entry(
        "line {line}, column {column} of the draft has a character that is not allowed ({why})",
        "type the word again there; invisible and look-alike characters are refused",
    ),
    "draft-not-a-text": Entry(
        "the file has {pairs} bracket pairs and {orphans} unmatched brackets: it is not a draft text",
        "choose another file",
    ),
    # the communiqué
    "communique-accepted": Entry(
        "all delegations have accepted this communiqué already",
        "sign it, or withdraw while your delegation has not signed",
    ),
    "communique-differs": Entry(
        "the communiqué does not fit the text: {why}",
        "look at the text as it stands, mend what is named, and propose it again",
    ),
    "communique-embargo": Entry(
        "the communiqué is under embargo until {until}",
        "wait for that hour, then hand it over; nothing has left this machine",
    ),
    "communique-not-accepted": Entry(
        "not every delegation has accepted this communiqué",
        "see what waits with `goodoffices act pending`",
    ),
    "communique-not-releasing": Entry(
        "by the modalities your delegation does not hand communiqués to the host",
        "ask a delegation that the modalities name, or amend the modalities together",
    ),
    "communique-power-lacking": Entry(
        "to sign a communiqué its author needs the power to {power}",
        "ask a member of your delegation who holds it",
    ),
    "communique-released-already": Entry(
        "the communiqué was released before",
        "see the host's public page; if it is not there, hand it over once more",
    ),
    "communique-signatures-missing": Entry(
        "the communiqué lacks the signatures of {who}",
        "wait until every delegation has signed; a desk that was recalled since does not count",
    ),
    "communique-signed-already": Entry(
        "your delegation has signed this communiqué, and its signature stands",
        "nothing is to be done; to release other words, propose another communiqué",
    ),
    "communique-unknown": Entry(
        "there is no such communiqué", "see them with `goodoffices communique show`; sync first"
    ),
    "communique-several": Entry("there are several communiqués", "name one by its entry: {entries}"),
    "communique-withdrawn": Entry(
        "a delegation has withdrawn from this communiqué",
        "propose another one, with other words or another hour",
    ),
    "communique-carried": Entry(
        "the release is in a letter, or on record already; by courier the host gets the file by hand",
        "write it with `goodoffices communique save FILE`; the host takes it with `goodoffices venue communiques --take FILE`, after the letter",
    ),
    "communique-not-shown": Entry(
        "no one communiqué on the page has a number that begins like this",
        "give the first digits of one of these numbers: {numbers}",
    ),
    "communique-malformed": Entry(
        "the communiqué is not in its form: {why}", "ask a delegation for the file; this one proves nothing"
    ),
    "communique-unsigned": Entry(
        "the communiqué is not signed for {who}",
        "do not rely on it; ask the delegations for the file that all signed",
    ),
    "communique-signature": Entry(
        "the signature for {who} is not over these words",
        "do not rely on it; words, languages or signature were changed after signing",
    ),
    "desk-not-certified": Entry(
        "a desk in the file is not certified by its delegation ({why})",
        "do not rely on it; ask the delegations for the file that all signed",
    ),
    # soundings
    "sounding-list": Entry(
        "the list cannot be sounded: {why}",
        "change the list at that point and open the sounding again; nothing was sent",
    ),
    "calendar-not-signed": Entry(
        "the standing lists in this file are not signed by the host of these talks ({why})",
        "do not open a desk with it; ask the host by another channel which lists it gave, and for the file again",
    ),
    "calendar-unusable": Entry(
        "the standing lists in this file cannot be sounded, although the host signed them ({why})",
        "tell the host, and ask for an invitation with other lists or without any",
    ),
    "lists-file-invalid": Entry(
        "the file of standing lists cannot be used: {why}",
        "correct the file there and run the command again; `goodoffices venue lists` shows a whole example",
    ),
    "sounding-context": Entry(
        "the circumstances of the sounding do not fit it: {why}",
        "sync, so that this desk holds the entry by which the sounding began, and try again",
    ),
    "sounding-marks": Entry(
        "the marks do not fit the list: {why}",
        "mark each option of the list once, yes or no, and seal the marks again",
    ),
    "sounding-fixed": Entry(
        "the marks of this sounding are sealed and can no longer be changed",
        "wait for its end; a list is sounded again if all delegations want it",
    ),
    "duty-desk-none": Entry(
        "this delegation has no duty desk",
        "mark and seal at your own desk, or set up a duty desk: it answers when nobody is there",
    ),
    "not-duty-desk": Entry(
        "the desk in {folder} is a member's desk and no duty desk",
        "open the folder that was made from the hand-over file for the duty desk",
    ),
    "marks-file-foreign": Entry(
        "the marks file is not for this desk or not by a member of this delegation who may agree ({why})",
        "make the file again at your own desk, after both desks have synchronised; nothing was changed here",
    ),
    "marks-file-old": Entry(
        "a later marks file for this sounding was taken up before",
        "nothing to do; the later marks count",
    ),
    "sounding-too-long": Entry(
        "the list has {count} options; a sounding has up to {most}",
        "take out what nobody would accept, or make several lists of it; nothing was sent",
    ),
    "sounding-past": Entry(
        "the marks of this sounding would be fixed in the past: it is {now}",
        "give a later time, long enough for every capital to answer; a time without zone is UTC",
    ),
    "sounding-hurried": Entry(
        "the run has {steps} steps and would not be over in time",
        "let the sounding end at least {minutes} minutes after the marks are fixed, or choose a quicker pace",
    ),
    "sounding-unsaid": Entry(
        "it was not said that the marks may be sealed",
        "read what each side will learn, and add --yes",
    ),
    "span-unreadable": Entry(
        "a span of time is a number and s, m, h or d",
        "write it like 90s, 30m, 12h or 2d",
    ),
    "sounding-figures": Entry(
        "the figures cannot be opened now: {why}",
        "look at the sounding again after a synchronisation; nothing was sent",
    ),
    "sounding-unproved": Entry(
        "the evidence does not show a false message ({why})",
        "do not rely on it; ask whoever made it for the record of the sounding",
    ),
    "sounding-seed": Entry(
        "the secret seed of this sounding is not one of 32 bytes",
        "let this attempt end; the next begins with a fresh seed, and nothing was revealed",
    ),
    "sounding-stopped": Entry(
        "the computing for a sounding was stopped",
        "begin it again when there is time for it; nothing was sent",
    ),
    "sounding-own": Entry(
        "this desk does not hold what its own message of step {step} was made from",
        "let this attempt end void; the next begins with fresh secrets. A second answer could reveal the marks",
    ),
    "sounding-form": Entry(
        "step {step} of the sounding by the delegation in place {place} does not have the prescribed form ({what})",
        "nothing was revealed; ask that delegation to check its desk's software, and let the attempt end",
    ),
    "sounding-proof": Entry(
        "step {step} of the sounding by the delegation in place {place} does not prove what it must ({what})",
        "nothing was revealed, and this desk does not go on; the message stays in the record: ask that delegation to explain it before another attempt",
    ),
    "sounding-box": Entry(
        "what the box opened for the delegation in place {place} does not fit its messages ({what})",
        "do not rely on a result; keep the record as evidence, and ask the host and that delegation to explain it",
    ),
    # instrument
    "file-unknown": Entry(
        "this is not a file that verify reads",
        "give an outcome, a disclosure, a receipt, evidence of two histories, or a pouch",
    ),
    "genesis-wrong": Entry(
        "the file does not begin with the genesis of the talks ({why})",
        "do not rely on it; ask a delegation to export it again",
    ),
    "checkpoint-invalid": Entry(
        "the checkpoint is not signed by the host of these talks ({why})",
        "do not rely on it; ask a delegation to export it again",
    ),
    "entry-order": Entry(
        "entry {index} stands twice or out of order",
        "do not rely on it; ask a delegation to export it again",
    ),
    "entry-not-in-register": Entry(
        "entry {index} does not stand in the register ({why})",
        "do not rely on it; somebody changed the entry, its number or its proof",
    ),
    "entry-altered": Entry(
        "the body of entry {index} is not the one that stands in the register",
        "do not rely on it; somebody changed it after it was posted",
    ),
    "entry-kind": Entry(
        "entry {index} is of a kind that an outcome does not show, or its key is missing or too many",
        "do not rely on it; ask a delegation to export it again",
    ),
    "entry-malformed": Entry(
        "entry {index} is not a well-formed act or introduction ({why})",
        "do not rely on it; ask a delegation to export it again",
    ),
    "entry-not-shown": Entry(
        "entry {index} ({event}) has no place in this file",
        "do not rely on it; ask a delegation to export it again",
    ),
    "seal-wrong": Entry(
        "entry {index} does not open by the key in the file ({why})",
        "do not rely on it; the key is another entry's, or somebody changed it",
    ),
    "act-foreign": Entry(
        "entry {index} is an act of other talks", "do not rely on it; it was carried here from elsewhere"
    ),
    "act-misplaced": Entry(
        "entry {index} ({event}) cannot happen in the room that it names",
        "do not rely on it; at the time it was void",
    ),
    "act-signature-invalid": Entry(
        "entry {index} is not signed by the desk that it names",
        "do not rely on it; somebody wrote it in another's name",
    ),
    "act-out-of-order": Entry(
        "entry {index} does not follow its author's earlier acts",
        "do not rely on it; at the time it was void, or it was moved",
    ),
    "certificate-missing": Entry(
        "the file does not show who the author of entry {index} is",
        "ask for a file with the author's certificate",
    ),
    "author-recalled": Entry(
        "the author of entry {index} had been recalled by its delegation",
        "do not rely on it; ask that delegation",
    ),
    "credentials-missing": Entry(
        "the file shows no credentials of the member concerned in entry {index}",
        "ask for a file with the member's credentials",
    ),
    "credentials-invalid": Entry(
        "entry {index}, about credentials, breaks a rule: {why}",
        "do not rely on it; ask the delegation that it names",
    ),
    "comparison-missing": Entry(
        "the delegation of the author of entry {index} is not shown to have compared keys",
        "ask for a file that shows it",
    ),
    "powers-missing": Entry(
        "entry {index} was done without the powers it needs, and the file shows none in order",
        "ask for the full powers, or for the act that confirmed it",
    ),
    "adoption-missing": Entry(
        "the file does not show that every delegation adopted the text {instrument} as the closing record says",
        "do not rely on it; ask every delegation for its own copy",
    ),
    "signature-not-shown": Entry(
        "entry {index} confirms an act that the file does not show",
        "ask a delegation to export it again",
    ),
    "deposit-wrong": Entry(
        "entry {index} is not a deposit of this instrument ({why})",
        "ask the depositary for a certified copy",
    ),
    "closing-record-missing": Entry(
        "no delegation signed a closing record in this file", "ask a delegation to export it again"
    ),
    "closing-record-incomplete": Entry(
        "not every delegation has signed the closing record ({who})",
        "do not rely on it as a joint outcome; ask those who have not signed",
    ),
    "closing-record-differs": Entry(
        "the closing record does not say what the entries show: {what}",
        "do not rely on it; ask every delegation for its own copy, and compare",
    ),
    "head-differs": Entry(
        "the closing record is about another register or another history ({why})",
        "do not rely on it; compare the checkpoints of all delegations",
    ),
    "disclosure-list-differs": Entry(
        "the entries shown are not those that the delegations agreed to show (first difference: entry {index})",
        "do not rely on it; something was left out, added or exchanged; ask every delegation for its own copy",
    ),
    "text-malformed": Entry(
        "a text in the file is not well-formed ({why})", "ask a delegation to export it again"
    ),
    "text-differs": Entry(
        "the text {instrument} is not the one that the closing record names",
        "do not rely on it; ask every delegation for its own copy, and compare",
    ),
    "text-missing": Entry(
        "the adopted text {instrument} is not in the file", "ask a delegation to export it again"
    ),
    "signatory-differs": Entry(
        "a signatory of the closing record is not who initialled or signed by entry {index}",
        "do not rely on it; ask every delegation for its own copy, and compare",
    ),
    "cosignature-missing": Entry(
        "{count} of the cosignatures that the closing record requires are missing",
        "ask the delegations whose desks have not cosigned",
    ),
    "cosignature-wrong": Entry(
        "a cosignature does not hold ({why})", "ask the delegations to cosign again, and to export it anew"
    ),
    "root-differs": Entry(
        "a root that you named is not in this file",
        "do not rely on it: it is of other talks, or somebody made it with keys of their own",
    ),
    "deposit-file-wrong": Entry(
        "the file of the deposit does not hold: {why}",
        "do not take it; ask the delegation that brought it to make it again",
    ),
    "depositary-missing": Entry(
        "there is no depositary at {path}", "make one with `goodoffices depositary init`"
    ),
    "depositary-damaged": Entry(
        "the depositary's {path} is missing or damaged", "bring the folder back from its backup"
    ),
    "depositary-beside-venue": Entry(
        "{path} is in the folder of a venue",
        "make the depositary on a machine of its own: whoever runs the venue is not to read the text",
    ),
    "depositary-roots": Entry(
        "whose talks these are is not established",
        "ask every delegation for the number of its root by another channel, and give each with `--root`",
    ),
    "depositary-not-ours": Entry(
        "the text is deposited with another key, that of {name}",
        "send the file back; it is for another depositary, or this one was made again",
    ),
    "depositary-other-text": Entry(
        "another text of this instrument of these talks is kept as number {number}",
        "do not take it; ask every delegation which text was signed, and compare its hash",
    ),
    "deposit-unknown": Entry(
        "no text is kept as number {number}", "see them with `goodoffices depositary show`"
    ),
    "deposit-not-newest": Entry(
        "the text was corrected since; as it reads now it is number {number}", "certify that one"
    ),
    "certified-copy-wrong": Entry(
        "the certified copy does not hold: {why}",
        "do not rely on it; ask the depositary for another copy",
    ),
    "root-malformed": Entry(
        "a fingerprint has 64 digits of 0-9 and a-f", "copy it again, or read it from the recovery kit"
    ),
    "trust-malformed": Entry(
        "line {line} of the trust file is neither a fingerprint nor a host's key",
        "write one fingerprint a line, a name after it if you like, and # before a comment",
    ),
    "host-unnamed": Entry(
        "the file does not say whose host it is about",
        "give a trust file with both verifier keys of the host, or the file that your desk exported",
    ),
    "closing-entry-missing": Entry(
        "entry {index} is needed for the outcome and is not at hand",
        "synchronise the desk, and export again",
    ),
    # text: drafts in several languages
    "drafts-not-parallel": Entry(
        "the draft in {language} is not laid out like the first one (paragraph {unit})",
        "give both drafts the same paragraphs and the same brackets in the same order",
    ),
    # chancery
    "chancery-fault": Entry(
        "something went wrong that this release did not foresee ({kind} in {place})",
        "go back and look whether the step was done; then report this line",
    ),
    "desk-locked": Entry(
        "the desk is locked",
        "open it again with its passphrase; what was sent or kept is safe",
    ),
    "form-expired": Entry(
        "this page was opened before the desk was started or opened again",
        "look at what you typed below, go back to the page, load it again and repeat the step; nothing was sent",
    ),
    "too-much-at-once": Entry(
        "that is more than {limit} bytes",
        "choose a smaller file, or shorten the words; nothing was sent",
    ),
    # the pages of soundings
    "numbers-unreadable": Entry(
        "“{what}” is no number that fits here",
        "write whole numbers; of a list its own, such as 1, 4-9 for the first row and the rows from 4 to 9",
    ),
    "duty-folder-unfit": Entry(
        "{folder} is not the folder of a duty desk on this machine",
        "give the folder in which the duty desk was opened, with its whole path, or save the marks file and carry it there",
    ),
    "field-empty": Entry("a field that must be filled is empty", "fill it and send the form again"),
    "modalities-same": Entry("these are the modalities in force", "change a rule, or leave them as they are"),
    "upload-missing": Entry(
        "no file was chosen",
        "choose the file that you were given, or drop it on the page",
    ),
    "passphrase-differs": Entry(
        "the two passphrases are not the same",
        "type the same one twice; nothing was made yet",
    ),
    "passphrase-short": Entry(
        "the passphrase has fewer than {least} characters",
        "use several words that nobody would guess; there is no way to restore it",
    ),
    "not-kept-so-long": Entry(
        "the file is no longer kept: too much time has passed since you chose it",
        "choose it again; nothing was made or sent",
    ),
    "kit-digits-differ": Entry(
        "the digits are not those at the end of that line",
        "look at the paper again; if the digits differ there, print the kit once more; nothing was removed",
    ),
    "kit-not-chosen": Entry(
        "no root key kit was chosen, and none that fits lies in the folder of this desk",
        "choose the file of the kit, or type its lines from the paper",
    ),
    "hand-over-gone": Entry(
        "the hand-over file is no longer held: it was saved once, or too much time has passed",
        "if it is lost, take the invitation back and invite the person again",
    ),
    "reply-gone": Entry(
        "this page answered a form, and is no longer kept",
        "go back, look at the page as it stands now, and do the step again from there",
    ),
    "page-unknown": Entry(
        "there is no such page at this desk",
        "go back to the overview",
    ),
    # chancery/screens/record
    "evidence-unknown": Entry(
        "this desk keeps no evidence of that name",
        "see which files of evidence there are on the page of the record",
    ),
    # chancery/screens/signature
    "name-differs": Entry(
        "the name that you typed is not the one in your credentials",
        "type it as it stands there, {name}; if your credentials have the name wrong, have new ones issued first",
    ),
    "text-moved": Entry(
        "something has changed since this page was shown to you",
        "read the page again as it stands now, and decide anew; nothing was signed",
    ),
    # chancery/paper
    "paper-letters": Entry(
        "the printed page has no letters for {count} characters of this text, among them {letters}",
        "save the text as a Word file, or print it from the browser: both use the letters of this machine",
    ),
    "paper-failed": Entry(
        "the page could not be made ({why})",
        "save the text as a Word file, or print it from the browser; nothing has changed",
        retry_safe=False,
    ),
    # cli
    "desk-not-named": Entry("no desk folder is named", "give --desk DIR, or set GOODOFFICES_DESK"),
    "desk-served": Entry(
        "process {pid} already serves the desk in {folder}, at {address}",
        "open the file {file} in your browser, or end that process first",
    ),
    "starter-unwritable": Entry(
        "the starter cannot be written to {folder} ({why})",
        "name another folder with --out",
    ),
    "desk-other-open": Entry(
        "this shell has the desk in {folder} open",
        "leave --desk out, or use another shell for the other desk",
    ),
    "passphrase-missing": Entry(
        "there is no passphrase",
        "type one when asked, or write it into the first line of a file and name it with --passphrase-file",
    ),
    "file-unreadable": Entry("{path} cannot be read ({why})", "check its name and that you may read it"),
    "file-not-utf8": Entry("{path} is not text in UTF-8", "save it again with the encoding UTF-8"),
    "file-exists": Entry(
        "{path} already exists", "name a file that does not exist yet; nothing is overwritten"
    ),
    "file-unwritable": Entry(
        "{path} cannot be written ({why})", "check that the folder exists and the disk has room"
    ),
    "delegation-unknown": Entry(
        "the word names no delegation of these talks, or more than one", "name one of: {names}"
    ),
    "no-text-tabled": Entry(
        "no text is on the table",
        "run `goodoffices desk sync` first; if nobody has tabled a draft, `goodoffices text table` does so",
    ),
    "text-not-named": Entry("several texts are on the table", "name one with --text: {names}"),
    "unit-ambiguous": Entry("several provisions are labelled {unit}", "name one of them by its id: {ids}"),
    "entry-no-act": Entry(
        "entry {index} holds no act that this desk can open",
        "choose another; `goodoffices record show` lists them",
    ),
    "act-not-found": Entry(
        "no act has a hash that begins like this, or several have",
        "give its entry number from `goodoffices record show`",
    ),
    "time-unreadable": Entry(
        "the time cannot be read",
        "write it as 2026-03-01T12:00, with +03:00 after it for another zone than UTC",
    ),
    "words-missing": Entry("there are no words", "give them on the command line or in a file"),
    "words-twice": Entry("the words are given twice", "give them on the command line or in a file, not both"),
    "not-pending": Entry(
        "nothing pending goes by that entry or hash",
        "see what waits with `goodoffices act pending`; sync first",
    ),
    "choice-unreadable": Entry(
        "the choice cannot be read", "write the bracket and what stays: s3=2, or s3=omit"
    ),
    "export-format-unknown": Entry("this release cannot write the form {form}", "choose one of: {forms}"),
    "invited-unclear": Entry("it is not clear who is to be admitted", "name one of those invited: {names}"),
    "none-ready": Entry(
        "no provision is ready for this step", "see with `goodoffices text show` how far each has come"
    ),
    "not-confirmed": Entry(
        "nothing was released: it was not said that every desk has synced",
        "ask every delegation, then add --every-desk-has-synced",
    ),
    "comparison-unsaid": Entry(
        "it was not said whether the number matches",
        "add --matches, or --number with what the other side read",
    ),
    "shell-in-shell": Entry("a shell cannot be opened inside a shell", "type the verb itself"),
    "line-unreadable": Entry(
        "the line cannot be divided into words", "close every quotation mark, or write a JSON list of words"
    ),
    # demo
    "demo-desk-ended": Entry(
        "the desk in {folder} has ended before its time",
        "run the demo again with --keep and read processes.log in that folder",
        retry_safe=True,
    ),
    "demo-not-verified": Entry(
        "the outcome {path} does not verify",
        "run the demo again with --keep, then `goodoffices verify` on the outcome, and report what it says",
    ),
    "demo-venue-ended": Entry(
        "the venue in {folder} did not start",
        "run the demo again with --keep and read processes.log in that folder",
        retry_safe=True,
    ),
}
