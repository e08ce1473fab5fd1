"""Examples: what the help of each command shows, so that one can be copied."""

EXAMPLES = {
    "init": """\
For example:
  segue init my-shop            asks a few questions
  segue init my-shop --yes      takes the usual answers""",
    "demo": """\
For example:
  segue demo
  segue demo --orders 2000 --seed 7 --folder /tmp/shop
  segue demo --data ../olist""",
    "reserve": """\
For example:
  segue reserve cart.json --for 15m
The order that names the same `cart` takes it over; after fifteen minutes it is anybody's.""",
    "reservations": """\
For example:
  segue reservations
  segue reservations C-1077 --extend 10m
  segue reservations C-1077 --release""",
    "import": """\
For example:
  segue import orders/example.json --channel web
  segue import 2026-03.csv.gz 2026-04.csv.gz --channel pos --rejects rejects.csv
A file that is imported again adds nothing twice.""",
    "route": """\
For example:
  segue route 10001
  segue route cart.json --what-if stock:MUG@BER=5 --what-if off:MUC
  segue route 10001 --strategy exact --json""",
    "backtest": """\
For example:
  segue backtest my-shop
  segue backtest my-shop --strategy exact --from 2026-03-01 --to 2026-03-31
  segue backtest my-shop --strategy nearest.yaml --json
A file says `routing:` or `policies:` as a workflow does: policies: {rank: [closest]}""",
    "hindsight": """\
For example:
  segue hindsight my-shop
  segue hindsight my-shop --from 2026-03-01 --to 2026-03-31 --json
It needs what parcels cost (rates.yaml), and the extra `plan`: pip install 'segue[plan]'""",
    "strategies": """\
For example:
  segue strategies my-shop
  segue strategies my-shop --from 2026-03-01 --json
A strategy with `trial: 20` is followed for 20 % of the orders; one with `shadow: true` is only worked out.""",
    "quote": """\
For example:
  segue quote cart.json
  segue quote cart.json --explain
A cart is {"lines": [{"sku": "MUG", "quantity": 2}], "codes": ["SPRING"], "ship_method": "standard",
"customer": {"ship_to": {"country": "DE"}}}; what else an order document may have is taken too.""",
    "promise": """\
For example:
  segue promise cart.json --to DE
  segue promise cart.json --to US-NY --json
A cart is written as for `segue quote`. Without a shipping method each one of the shop's is looked at.""",
    "work": """\
For example:
  segue work                    until Ctrl-C; other commands are handed to it
  segue work --until-idle       until nothing is left to do
  segue work --until 2026-06-01
On a virtual clock time jumps to whatever is due next. A subscription without an end always has a next order: then it is
`--until` that says how far.""",
    "folders": """\
For example:
  segue folders
  segue orders --folder payment_failed""",
    "money-at-risk": """\
For example:
  segue money-at-risk
  segue money-at-risk --within 7d --json""",
    "trouble": """\
For example:
  segue trouble
  segue trouble --json          its ids are what retry, settle and dismiss take""",
    "retry": """\
For example:
  segue retry 8c1f0d6a2b9e4f7756aa01c3 --reason "their gateway is back"
  segue retry 17 --reason "the order is here now"
A task keeps its key: a provider that did it already does not do it twice.""",
    "settle": """\
For example:
  segue settle 8c1f0d6a2b9e4f7756aa01c3 done --reference ch_4711 --reason "seen in their dashboard"
  segue settle 8c1f0d6a2b9e4f7756aa01c3 declined --reason "they never had it, says their support" """,
    "dismiss": """\
For example:
  segue dismiss 17 --reason "sent by mistake, says the warehouse" """,
    "orders": """\
For example:
  segue orders
  segue orders --folder backorders --limit 20
  segue orders --status on_hold --open --json""",
    "order": """\
For example:
  segue order web-1001
  segue order 1001              the channel's own number will do""",
    "why": """\
For example:
  segue why web-1001
  segue why web-1001 --json""",
    "simulate": """\
For example:
  segue simulate
  segue simulate --seeds 0..200 --orders 200 --json
  segue simulate --seeds 17 --orders 40 --only 3,9 --without 'death.*,gateway.dead'
A failure prints the command that runs it again, as small as it could be made.""",
    "audit": """\
For example:
  segue audit
  segue audit --order web-1001
  segue audit --since-last --json""",
    "replay": """\
For example:
  segue replay --verify
  segue replay --verify --order web-1001""",
    "invoices": """\
For example:
  segue invoices web-1001
  segue invoices 1001 --json""",
    "invoice": """\
For example:
  segue invoice INV-2026-000017
  segue invoice CM-2026-000003 --json""",
    "reconcile": """\
For example:
  segue reconcile settled-2026-03-02.csv
  segue reconcile payout.csv --column key=merchant_reference --column id=psp_reference --column settled=booking_date
  segue orders --folder settlement_differs
What is read again is taken in once.""",
    "ledger": """\
For example:
  segue ledger export books.beancount
  segue ledger export march.journal --format hledger --from 2026-03-01 --to 2026-03-31
  segue ledger export - --order web-1001
`bean-check books.beancount` then finds nothing to complain of.""",
    "hold": """\
For example:
  segue hold web-1001 service --reason "customer is on holiday until Monday"
  segue hold web-1001 service --line 2""",
    "lift": """\
For example:
  segue lift web-1001 service
  segue lift web-1001 known_skus:2 --reason "the SKU is listed now" """,
    "assign": """\
For example:
  segue assign web-1001 --location MUC --reason "the box in Berlin is damaged"
  segue assign web-1001 web-1002 --line 2 --location MUC
  segue assign web-1001 --rules                          the rules decide again""",
    "opportunity": """\
For example:
  segue opportunity refresh                               work it out now
  segue opportunity --json                                what is kept, in mills""",
    "location": """\
For example:
  segue location                                          what is closed
  segue location off BER --reason "water in the cellar"
  segue location freeze BER 2026-12-27 --reason "stocktaking"
  segue location on BER
  segue location --history                                who did what, why and when""",
    "reschedule": """\
For example:
  segue reschedule web-1001 2026-12-22 --preview
  segue reschedule web-1001 2026-12-24 --line 2
  segue reschedule web-1001 soon""",
    "cancel": """\
For example:
  segue cancel web-1001 --reason "customer asked"
  segue cancel web-1001 --line 2 --quantity 1
  segue cancel web-1001 --bundle B1 --quantity 1""",
    "adjust": """\
For example:
  segue adjust web-1001 5.00 --line 1 --quantity 2 --reason "found cheaper"
  segue adjust web-1001 5.00 --line 1 --preview""",
    "goodwill": """\
For example:
  segue goodwill web-1001 10.00 --reason "two weeks late" """,
    "correct": """\
For example:
  segue correct web-1001 corrected.json
`segue order ID` shows what is wrong, and where in the document.""",
    "note": """\
For example:
  segue note web-1001 "promised a call back on Tuesday" """,
    "do": """\
For example:
  segue do web-1001 allocate
  segue do web-1001 notify message=delivered
`segue order ID` shows which commands an order takes now.""",
    "stock": """\
For example:
  segue stock LAMP-1
  segue stock --location MAIN
  segue stock count LAMP-1 MAIN 40
  segue stock receive LAMP-1 MAIN 12
  segue stock adjust LAMP-1 MAIN -2 --reason "broken in the window"
  segue stock quarantine LAMP-1 MAIN 3
  segue stock transfer LAMP-1 MAIN STORE 5 --reference T-17 --expected 2026-03-05
  segue stock snapshot counted.csv --source wms --at 2026-03-02T09:00:00Z
  segue stock delta changes.csv --source wms
  segue stock movements LAMP-1
  segue stock feed --channel web --since 512.7
  segue stock waiting""",
    "subscription": """\
For example:
  segue subscription list --state on_hold
  segue subscription show S1                       what became of its days, and what comes next
  segue subscription show S1 --history             all that happened to it, and who asked
  segue subscription add subscription.json
  segue subscription pause S1 --until 2026-05-01
  segue subscription skip S1
  segue subscription now S1
  segue subscription change S1 1 --quantity 3 --next
  segue subscription pay S1 --method sepa --reference mandate-7
  segue subscription cancel S1 --reason "moved away\"""",
    "supply": """\
For example:
  segue supply list --sku LAMP-1
  segue supply add PO-77 LAMP-1 MAIN 40 --expected 2026-03-05
  segue supply move PO-77 --to 2026-03-12 --preview    what that would do to who waits
  segue supply move PO-77 --to 2026-03-12
  segue supply move PO-77 --sku LAMP-1 --units 10 --to 2026-03-19
  segue supply cancel PO-77 --sku LAMP-1 --units 5
  segue supply receive PO-77 LAMP-1 25 --last
  segue supply pegs LAMP-1             who is to have it, and when""",
    "catalog": """\
For example:
  segue catalog LAMP-1
  segue catalog put new-items.csv      columns: sku,title,price_minor,weight_g,tags""",
    "erase": """\
For example:
  segue erase 3f9c0a52d1e84b7698f0c1d2e3a4b5c6
  segue erase --order web-1001         the person who placed it""",
    "test": """\
For example:
  segue test                         the shop's scenarios/, else those that come with Segue
  segue test scenarios/holds a.yaml
  segue test --json""",
    "check": """\
For example:
  segue check
  segue check my-shop --quick
  segue check --save scenarios/broken
  segue check --accept-risk waiting --reason 'we look at these by hand'""",
    "schema": """\
For example:
  segue schema workflow > workflow.schema.json
  segue schema scenario > scenario.schema.json""",
    "bench": """\
For example:
  segue bench --orders 20000 --json""",
}
