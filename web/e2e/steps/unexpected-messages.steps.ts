import type { DataTable } from 'playwright-bdd'
import { Given, When } from '../support/bdd.ts'
import { eventPacket } from '../support/desk.ts'

When('the server sends {collector} these events:', async ({ collector }, name: string, table: DataTable) => {
  const packets = table.raw().map(([type = '', envelope = '']) => eventPacket(type, envelope === '' ? undefined : JSON.parse(envelope)))
  await (await collector(name)).desk.receive(...packets)
})

When('the server sends {collector} the broken packet {string}', async ({ collector }, name: string, packet: string) => {
  ;(await collector(name)).desk.line.inject(packet)
})

Given('the server has sent {collector} a summary', async ({ collector }, name: string) => {
  const one = await collector(name)
  one.remembered = eventPacket('dashboard:summaryUpdated', await one.collection.summaryEnvelope())
})

When('the server sends {collector} that summary again', async ({ collector }, name: string) => {
  const { desk, remembered } = await collector(name)
  await desk.receive(remembered)
})
