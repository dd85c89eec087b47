"""The verbs of business processes: which undoes which, and the forms that are not regular."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _entries(text: str) -> list[str]:
    return [entry.strip() for line in text.strip().split("\n") for entry in line.split("|")]


_UNDONE_BY = """
accept: reject | acquire: release | allot: release | insure: cancel | activate: deactivate | add: remove
adjust: revert | admit: discharge
aggregate: discard | allocate: release | allow: disallow | announce: retract | append: remove | apply: reverse
appoint: dismiss | approve: revoke | archive: restore | arm: disarm | arrange: cancel | assemble: disassemble
assign: unassign | attach: detach | authorise: void | authorize: void | award: revoke | back: restore | ban: unban
bill: refund | bind: unbind | blacklist: unblacklist | block: unblock | book: cancel | borrow: return
build: discard | buy: sell | call: cancel | capture: refund | change: revert | charge: refund | check in: check out
claim: release | clear: restore | clone: delete | close: reopen | collect: return | commission: decommission
commit: roll back | configure: reset | connect: disconnect | consume: restore | convert: convert back
coordinate: stop | copy: delete | create: cancel | credit: debit | debit: credit | decrease: increase
decrement: increment | deduct: restore | delete: restore | deliver: return | deploy: undeploy | deposit: withdraw
deregister: register | disable: enable | disburse: reverse | disconnect: reconnect | dispatch: recall
distribute: withdraw | draft: discard | earmark: release | elevate: demote | employ: dismiss | enable: disable
encrypt: decrypt | engage: release | enlist: release | enqueue: dequeue | enrich: revert | enrol: withdraw
enroll: withdraw | enter: remove | escalate: de-escalate | establish: close | exchange: exchange back
expand: shrink | export: delete | extend: shorten | extract: discard | file: withdraw | fill: empty
finalise: reopen | finalize: reopen | flag: unflag | forward: recall | freeze: unfreeze | fulfil: return
fulfill: return | fund: defund | generate: discard | give: take back | grant: revoke | hire: dismiss | hold: release
import: delete | increase: decrease | increment: decrement | ingest: discard | initialise: reset | initialize: reset
initiate: cancel | insert: delete | install: uninstall | invite: uninvite | invoice: credit | issue: void
join: leave | label: unlabel | launch: stop | lease: release | lend: return | link: unlink | list: delist
load: unload | lock: unlock | make: cancel | mark: unmark | merge: split | migrate: roll back | mint: burn
modify: revert | monitor: stop | mount: unmount | move: move back | obtain: release | occupy: vacate
offer: withdraw | onboard: offboard | open: close | order: cancel | pack: unpack | park: unpark | pass: revoke
pause: resume | pay: refund | persist: delete | pick: restock | pick up: return | place: cancel | plan: cancel
post: reverse | preheat: cool | prepare: discard | print: void | process: cancel | procure: return | promote: demote
provision: deprovision | publish: unpublish | purchase: return | push: revert | put: remove | queue: dequeue
raise: lower | reconcile: revert | record: delete | recruit: dismiss | redeem: restore | refund: charge
register: deregister | release: reserve | remove: restore | rent: return | reopen: close | replace: restore
replicate: delete | request: cancel | reschedule: restore | reserve: release | retain: release | ring-fence: release
route: reroute | save: delete | scale: scale back | schedule: cancel | seal: unseal | secure: release
select: deselect | sell: buy back | send: recall | set: reset | set up: tear down | settle: reverse | share: unshare
ship: recall | sign: revoke | sign up: remove | spin up: shut down | split: merge | stage: unstage | start: stop
store: delete | submit: withdraw | subscribe: unsubscribe | subtract: add | suspend: resume | swap: swap back
switch: switch back | switch off: switch on | switch on: switch off | tag: untag | take: return | take out: cancel
terminate: reinstate | top up: deduct | train: discard | transfer: reverse | transform: discard | translate: discard
turn on: turn off | unblock: block | unlock: lock | update: revert | upgrade: downgrade | upload: delete
use: restore | warm: cool | warm up: cool down | whitelist: remove | withdraw: deposit | withhold: release
write: delete | thaw: freeze | fasten: unfasten | tie: untie | screw: unscrew | bolt: unbolt
hang: take down | hoist: lower | introduce: withdraw | adopt: drop | embed: remove | donate: return
pledge: release | pencil: rub out | pencil in: rub out | set aside: put back | put aside: put back | lay aside: put back
draw up: tear up | take on: let go | hand over: take back | hand out: collect | put up: take down | put on: take off
bring in: send back | build up: tear down | plug in: unplug | write down: strike out | note down: strike out
sign off: revoke | sign in: sign out | log in: log out | clock in: clock out | ratify: rescind | endorse: withdraw
levy: remit | sponsor: withdraw | subcontract: cancel | embark: disembark | detain: release | arrest: release
seize: release | confiscate: return | impound: release | pre-authorise: release | pre-authorize: release
pre-auth: void | preauthorise: release | preauthorize: release | requisition: release
"""
UNDONE_BY: dict[str, str] = {verb: undo for verb, _, undo in (entry.partition(": ") for entry in _entries(_UNDONE_BY))}

# What these do is not usually taken back, or not by one verb.
NOTHING_TO_UNDO = _words("""
allot appraise claw commence crate dump erect ignite insure irrigate prescribe refuel sow stake tweet uncrate watermark
abort accrue acknowledge advise agree alert amend amortise amortize anaesthetise analyse analyze annul answer appeal
ask assess attempt attest audit authenticate await backfill bake balance batch begin berth blend bottle brew bring
broadcast burn cache calculate cancel cap carry cater certify charter check classify clawback clean clip compare
compensate compile complete comply compress compute conclude conduct confirm consent consolidate construct consult
contact contract control cook cool cordon correct correlate count cover cross cure customise customize cut
deactivate deal deallocate decide decommission deem defer delegate delist demote deny deprovision derive describe
design destroy detach detect determine develop diagnose dial digitise digitize discard discharge disclose discount
discover dismiss dispense display dispose distil divide dock document downgrade download downsize drain draw drive
drop dry e-mail earn edit elect email emit encode end enforce engineer ensure erase escort estimate evaluate evict
examine
execute expire extinguish fabricate fail failover fast-track feed ferment fetch filter find finish fire fix flip
float flush fly fold follow forecast fork format free furnish garnish gather get go grade grind guarantee halt hand
handle harvest hash heat help honor honour hook host hydrate identify impose impound incorporate index infer inflate
inform inject inspect instruct insure intake integrate interview invalidate investigate invoke isolate keep kill
know lay learn leave level license lift liquidate listen locate log look lookup lower mail maintain manage
manufacture map match measure mediate meet mend message mill mine mirror mix mold moor mould narrow navigate
negotiate net nominate normalise normalize notarise notarize note notify nullify observe offload operate optimise
optimize outsource overwrite own paint parse participate patch peel perform permit phone photograph ping plant plate
poll pool pour power practise pre-authorise preauthorize predict prefill prep preserve press prioritise prioritize
probe proceed proctor produce profile program project prompt propose protect prove provide prune pull pump purge
purify qualify quarantine quench query quiesce quote rank rasterise rate reach reactivate read reallocate reap
rebalance rebook reboot recalculate recall receive reclaim recommend reconnect recover recycle redact redeploy
redirect reduce refer refill refresh refuse rehearse rehire reimburse reinstate reissue reject relabel relay
relinquish relist relocate rely remediate remind remit remunerate rename render renew reorder reorganise repair
repeat reply report reprice require reroute rerun resend reset reshelve resize resolve respond restart restock
restore resubmit resume retest retire retract retrain retrieve retry return reverse reverse-charge revert review
revoke reward rinse rip roll rollback rotate round run sail salvage sample sand sanitise sanitize sanity-check saw
say scan score screen search see seed segment separate sequence serve sew shard show shred shuffle shut simulate
slice slot smelt snapshot solicit sort source spawn spend spray stack staff stain stamp standardise standardize
steer sterilise sterilize stitch stock stop stow stream strike strip substitute summarise summarize supervise supply
surrender survey sync synchronise synchronize tabulate taint tally tax tear tell tender test text throw tick
tokenise tokenize toss total tow trace track trade transcode transcribe transfuse transmit transplant transport
treat triage trigger trim try tune turn type unassign underwrite undo unfreeze unify unlink unload unpack unpublish
unregister unreserve unveil upsell urge utilise vacate vaccinate validate vectorise verify vet view visit void vote
wait waive warn wash watch weave weigh weld wipe wire work wrap yield zip
abandon accompany adapt adopt advance affix airlift align alter amass annotate arrest assent assert assume attract
auction augment avert barricade bless bolster bolt braid brief brush bury butcher calibrate carve caution chalk chase
chill chop christen cite clamp clasp coil collate combine commemorate commend communicate compact compose compost
concede confiscate congratulate conserve contribute convey convince countermand crown crush cultivate curate dam dampen
debrief debug decant decorate decouple deduce deduplicate define deflate defrost degrease dehydrate demolish depict
deport designate detain devise dig dilute direct dislodge disinfect disperse dissolve divert divest donate drape dredge
dress drill drip dye ease eject elaborate embalm embark embed emboss enclose encrypt endorse entrust etch evacuate
evaporate excavate exclude exempt exhibit exonerate expedite expose expunge extradite fasten federate ferry fertilise
finance flatten forge forgive forfeit formulate fry fumigate fuse galvanise gild glaze glue graft grease greet grill
guide halve hammer hang haul heal hem hide hoist humidify hunt illuminate imprint improve inaugurate incubate induct
infuse inherit ink inoculate inscribe intern interpret introduce invert iron jettison knead knock lace lacquer ladle
laminate lash launder lengthen levy liquefy litigate loosen lubricate magnetise marinate melt model moderate mount mow
mulch nail notch nurse oblige orchestrate ordain outfit overhaul overlay oversee overturn palletise pardon pare pave
pawn peg pencil penalise perforate photocopy pitch plait pledge plough pluck plumb polish prime prolong proof prop
propel publicise puncture quash quell quit rake ratify reassign recap recast recite redecorate redraw refinance refit
refurbish rehouse reimburse reinforce remaster remodel repackage repaint repatriate repay repossess requisition rescind
rescue reseat reskin retouch retrofit rewire rig rivet roast sanction scaffold scatter scoop scrape scratch screw sculpt
seize sever shade shape sharpen shave sheathe shelve shepherd shield shorten shovel sift silence siphon skim slaughter
slide smoke smooth soak solder solve splice sponsor spread sprinkle squash squeeze staple steam steep stiffen stoke
straighten strengthen stretch strew subcontract subdivide sublet submerge subpoena sue suture swab swear sweep swing
tack tailor tan taxi tether thaw thicken thread throttle tie tighten torch trash trim troubleshoot tuck twist uncork
underpin unfasten upcycle uplift uproot usher vacuum varnish ventilate videotape vouch wake weatherproof wed weed whip
whisk whitewash widen winterise wreck disband forgo pre-auth bin erase rub
""")

READS_ONLY = _words("""
analyse analyze assess calculate check compare compute detect determine estimate evaluate examine fetch find
forecast identify inspect look lookup measure observe query read retrieve review scan score screen search simulate
test validate verify vet view weigh
""")

_IRREGULAR = """
become became become | begin began begun | bind bound bound | break broke broken | bring brought brought
build built built | buy bought bought | catch caught caught | choose chose chosen | come came come | cut cut cut
deal dealt dealt | do did done | draw drew drawn | drive drove driven | feed fed fed | find found found
fly flew flown | freeze froze frozen | get got got | give gave given | go went gone | grind ground ground
hold held held | keep kept kept | know knew known | lay laid laid | lead led led | leave left left | lend lent lent
let let let | lose lost lost | make made made | meet met met | overwrite overwrote overwritten | pay paid paid
prove proved proven | put put put | read read read | rerun reran rerun | resend resent resent | reset reset reset
ring rang rung | run ran run | saw sawed sawn | say said said | see saw seen | sell sold sold | send sent sent
set set set | show showed shown | shut shut shut | spend spent spent | spin spun spun | split split split
stand stood stood | strike struck struck | take took taken | tear tore torn | tell told told | think thought thought
underwrite underwrote underwritten | undo undid undone | unfreeze unfroze unfrozen | wind wound wound
withdraw withdrew withdrawn | withhold withheld withheld | throw threw thrown | blow blew blown | grow grew grown
dig dug dug | hang hung hung | hide hid hidden | shake shook shaken | seek sought sought | teach taught taught
repay repaid repaid | resell resold resold | redo redid redone | sweep swept swept | swing swung swung
spread spread spread | shed shed shed | sink sank sunk | slide slid slid | steal stole stolen | stick stuck stuck
swear swore sworn | weave wove woven | uphold upheld upheld | oversee oversaw overseen | overtake overtook overtaken
forgive forgave forgiven | foresee foresaw foreseen | eat ate eaten | fight fought fought | forbid forbade forbidden
rewrite rewrote rewritten | retake retook retaken | rebuild rebuilt rebuilt | unbind unbound unbound | hit hit hit
shoot shot shot | wake woke woken | sew sewed sewn | write wrote written | forget forgot forgotten | bend bent bent
sing sang sung | wear wore worn | prepay prepaid prepaid | undergo underwent undergone
undertake undertook undertaken | mow mowed mown | bite bit bitten | shrink shrank shrunk | wring wrung wrung
sling slung slung | unwind unwound unwound | rewind rewound rewound | melt melted molten | inlay inlaid inlaid
"""
IRREGULAR: dict[str, tuple[str, str]] = {
    base: (past, participle) for base, past, participle in (entry.split() for entry in _entries(_IRREGULAR))
}

DOUBLING = _words("""
admit allot ban bar begin bid bin blot chat clap clip commit compel control cram crop cut defer dim dip drag drop
dub emit enrol equip expel fit flag flip fulfil get grab hit hop incur jog kidnap knit lag let log map mop net omit
pan patrol permit pin pip plan plot plug pop prep program propel put ram recur refer remit rerun reset rip rob rot
rub run scan scrap scrub set ship shop shred shut sip skip slam slip slot snap spin split spot stem step stir stop
strap strip submit sum swap tag tap tip top transfer transmit transship trap trim tug unplug unzip wrap zip
""")

BRITISH_DOUBLING = _words("cancel channel fuel label level model signal total travel")
