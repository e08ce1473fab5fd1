"""Examples: what the help of each command shows, so that one can be copied."""

EXAMPLES = {
    "init": """\
Examples:
  segue init my-shop            asks a few questions
  segue init my-shop --yes      takes the usual answers""",
    "demo": """\
Examples:
  segue demo
  segue demo --orders 2000 --seed 7 --folder /tmp/shop
  segue demo --data ../shared/data/olist""",
    "import": """\
Examples:
  segue import orders/example.json --channel web
  segue import 2026-03.csv.gz 2026-04.csv.gz --channel pos --rejects rejects.csv
A file that is imported again adds nothing twice.""",
    "work": """\
Examples:
  segue work                    until Ctrl-C; other commands are handed to it
  segue work --until-idle       until nothing is left to do""",
    "folders": """\
Examples:
  segue folders
  segue orders --folder payment_failed""",
    "orders": """\
Examples:
  segue orders
  segue orders --folder backorders --limit 20
  segue orders --status on_hold --open --json""",
    "order": """\
Examples:
  segue order web-1001
  segue order 1001              the channel's own number will do""",
    "why": """\
Examples:
  segue why web-1001
  segue why web-1001 --json""",
    "audit": """\
Examples:
  segue audit
  segue audit --order web-1001""",
    "hold": """\
Examples:
  segue hold web-1001 service --reason "customer is on holiday until Monday"
  segue hold web-1001 service --line 2""",
    "lift": """\
Examples:
  segue lift web-1001 service
  segue lift web-1001 known_skus:2 --reason "the SKU is listed now" """,
    "cancel": """\
Examples:
  segue cancel web-1001 --reason "customer asked"
  segue cancel web-1001 --line 2 --quantity 1""",
    "note": """\
Examples:
  segue note web-1001 "promised a call back on Tuesday" """,
    "do": """\
Examples:
  segue do web-1001 allocate
  segue do web-1001 notify message=delivered
`segue order ID` shows which commands an order takes now.""",
    "stock": """\
Examples:
  segue stock LAMP-1
  segue stock --location MAIN
  segue stock set LAMP-1 MAIN 40
  segue stock receive LAMP-1 MAIN 12""",
    "catalog": """\
Examples:
  segue catalog LAMP-1
  segue catalog put new-items.csv      columns: sku,title,price_minor,weight_g,tags""",
    "erase": """\
Examples:
  segue erase 3f9c0a52d1e84b7698f0c1d2e3a4b5c6
  segue erase --order web-1001         the person who placed it""",
    "check": """\
Examples:
  segue check
  segue check my-shop""",
    "schema": """\
Examples:
  segue schema workflow > workflow.schema.json""",
    "bench": """\
Examples:
  segue bench --orders 20000 --json""",
}
