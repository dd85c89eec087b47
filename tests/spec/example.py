"""The saga that the reference of saga.yaml shows, with everything that a file can say."""

ORDER = """\
# yaml-language-server: $schema=.saga-scaffold/saga.schema.json
saga: order-fulfillment
package: fulfillment
title: Order fulfillment
summary: Reserve stock, take the payment, schedule freight, deduct loyalty points.
deadline: 24h

input:
  order_id: string
  sku: string
  quantity: integer
  amount: decimal
  address: string
  points: integer

contexts:
  inventory: {title: Inventory Service}
  payment: {title: Payment Gateway Service, commands: {topic: payments.commands.v1, partitions: 24}}
  logistics: {title: Logistics Service}
  crm: {title: CRM Service, events: loyalty.events}

steps:
  - id: reserve-inventory
    title: Reserve inventory
    context: inventory
    command: ReserveInventory
    takes: [order_id, sku, quantity]
    success: InventoryReserved
    gives: {reservation_id: string}
    failure: InventoryNotReserved
    undo:
      command: ReleaseInventory
      takes: [reservation_id]
      success: InventoryReleased
    state: RESERVING_INVENTORY
    timeout: 30s
    retry: {attempts: 5, first: 200ms, factor: 2, cap: 30s}
  - id: process-payment
    context: payment
    effect: external
    command: {name: ProcessPayment, wire: payments.process.v1, topic: payments.commands.v1}
    takes: [order_id, amount]
    success: PaymentProcessed
    gives: {payment_id: string}
    failure: [PaymentDeclined, PaymentBlocked]
    undo: {command: RefundPayment, takes: [payment_id, amount], success: PaymentRefunded}
  - id: schedule-shipping
    context: logistics
    after: [process-payment]
    when: quantity > 0
    kind: pivot
    command: ScheduleShipping
    takes: [order_id, address]
    success: ShippingScheduled
    failure: ShippingNotScheduled
    undo: none
    because: the carrier takes nothing back
  - id: deduct-points
    context: crm
    kind: retriable
    command: DeductPoints
    takes: [order_id, points]
    success: PointsDeducted
    undo: {command: RestorePoints, takes: [order_id, points], success: PointsRestored}

terminal: {completed: ORDER_FULFILLED, compensated: ORDER_UNDONE}
event_store: {shards: 16, snapshot_every: 8, retention: 90d, partition_key: saga_id}
topics: {replication: 3, retention: {commands: 7d, events: 30d, dead_letters: 30d}}

proposed:
  ordering: ["Late replies are ignored, and counted."]
assumed: [steps.reserve-inventory.timeout]
"""
