"""Small sagas, each for something that a project must get right."""

STEP = """
  - id: {id}
    context: {context}
    command: {command}
    takes: [order_id]
    success: {success}
    failure: {failure}
    undo: {{command: {undo}, takes: [order_id], success: {undone}}}
"""

ONE_STEP = """\
saga: hello
package: hello
title: Hello
summary: One step.
input: {order_id: string}
contexts: {stock: {title: Stock}}
steps:
""" + STEP.format(
    id="reserve-stock",
    context="stock",
    command="ReserveStock",
    success="StockReserved",
    failure="StockNotReserved",
    undo="ReleaseStock",
    undone="StockReleased",
)

PARALLEL = """\
saga: trip
package: trip
title: Book a trip
summary: Flight and hotel beside each other, then the bill, then a mail.
input: {trip_id: string, total: decimal, email: string}
contexts: {flights: {title: Flights}, hotels: {title: Hotels}, billing: {title: Billing}, mail: {title: Mail}}
steps:
  - id: book-flight
    context: flights
    after: []
    command: BookFlight
    takes: [trip_id]
    success: FlightBooked
    gives: {flight_booking_id: string, seats: "list[string]"}
    failure: FlightNotBooked
    undo: {command: CancelFlight, takes: [flight_booking_id], success: FlightCancelled}
  - id: book-hotel
    context: hotels
    after: []
    command: BookHotel
    takes: [trip_id]
    success: HotelBooked
    gives: {hotel_booking_id: uuid, arrival: date, checked_at: datetime}
    failure: [HotelFull, HotelClosed]
    undo: {command: CancelHotel, takes: [hotel_booking_id], success: HotelCancelled}
  - id: charge-card
    context: billing
    after: [book-flight, book-hotel]
    kind: pivot
    effect: external
    command: ChargeCard
    takes: [trip_id, total, seats, arrival, checked_at, hotel_booking_id]
    success: CardCharged
    gives: {charge_id: string}
    failure: CardDeclined
    undo: none
    because: it is the point of no return
  - id: send-tickets
    context: mail
    kind: retriable
    effect: external
    command: SendTickets
    takes: [email, charge_id]
    success: TicketsSent
    undo: none
    because: a mail cannot be unsent
"""

EITHER_OR = '''\
saga: transfer
package: transfer
title: Transfer "money" \\ abroad `or` <not>
summary: 'A {{ dangerous }} {% summary %} with """quotes""", # signs and | pipes'
input: {transfer_id: string, amount: decimal, country: string, express: boolean}
contexts:
  domestic: {title: Domestic Payments}
  foreign: {title: Foreign Payments}
steps:
  - id: send-domestic
    context: domestic
    command: SendDomestic
    when: country == "DE" and amount <= 1000.50
    takes: [transfer_id, amount]
    success: DomesticSent
    gives: {domestic_id: string}
    failure: DomesticRefused
    undo: {command: RecallDomestic, takes: [domestic_id], success: DomesticRecalled}
  - id: send-foreign
    context: foreign
    command: SendForeign
    when: country != "DE"
    takes: [transfer_id, amount, domestic_id]
    success: ForeignSent
    failure: ForeignRefused
    undo: {command: RecallForeign, takes: [transfer_id], success: ForeignRecalled}
  - id: close-transfer
    context: domestic
    command: {name: CloseTransfer, wire: transfers.close.v1}
    takes: [transfer_id, domestic_id]
    success: {name: TransferClosed, wire: transfers.closed.v1, topic: transfers.closed}
    failure: TransferNotClosed
    undo: {command: ReopenTransfer, takes: [transfer_id], success: TransferReopened}
    timeout: 1500ms
    retry: {attempts: 3, first: 100ms, factor: 1.5, cap: 2s}
terminal: {completed: TRANSFER_DONE, compensated: TRANSFER_UNDONE}
'''

SHARED = """\
saga: loan
package: loan
title: Grant a loan
summary: Two checks that may be refused alike, then the money.
input: {loan_id: string}
contexts: {risk: {title: Risk}, bank: {title: Bank}}
steps:
""" + "".join(
    STEP.format(
        id=f"{verb}-{noun}",
        context=context,
        command=f"{verb.title()}{noun.title()}",
        success=f"{noun.title()}{done}",
        failure="Declined",
        undo=f"Undo{noun.title()}",
        undone=f"{noun.title()}Undone",
    ).replace("order_id", "loan_id")
    for verb, noun, done, context in (
        ("check", "income", "Checked", "risk"),
        ("check", "identity", "Checked", "risk"),
        ("hold", "money", "Held", "bank"),
    )
)

LATER = (
    PARALLEL.replace("trip_id: string, total", "trip_id: string, promo_code: string, total")
    .replace("command: BookHotel\n    takes: [trip_id]", "command: BookHotel\n    takes: [trip_id, promo_code]")
    .replace(
        "undo: {command: CancelFlight, takes: [flight_booking_id], success: FlightCancelled}",
        "undo: {command: ReturnTickets, takes: [flight_booking_id], success: TicketsReturned}",
    )
    .replace("command: ChargeCard\n", "command: {name: ChargeCard, wire: billing.charge.v2}\n")
    .split("  - id: send-tickets")[0]
    + """\
  - id: post-voucher
    context: mail
    kind: retriable
    command: PostVoucher
    takes: [trip_id, email]
    success: VoucherPosted
    undo: none
    because: a letter cannot be unsent
"""
)
