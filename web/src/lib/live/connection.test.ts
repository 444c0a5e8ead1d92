import { describe, expect, it, vi } from 'vitest'
import { problem, type Answer } from '../../../test/fakes.ts'
import { setHidden, setup, useLivePages } from '../../../test/live-page.ts'

useLivePages()

describe('reconnection', () => {
  it('waits 1, 2, 4 … 30 s, never giving up', async () => {
    const { socket, live, pass } = await setup()
    const waits = []
    for (let n = 0; n < 8; n++) {
      socket.refuse()
      waits.push((live().retryAt ?? 0) - Date.now())
      await pass((live().retryAt ?? 0) - Date.now())
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    expect(socket.connect).toHaveBeenCalledTimes(9)
  })

  it.each([
    [0, 500],
    [0.9999, 1_500],
  ])('is off by up to half either way: of %d a wait of %d ms', async (random, ms) => {
    const { socket, live } = await setup()
    vi.mocked(Math.random).mockReturnValue(random)
    socket.refuse()
    expect((live().retryAt ?? 0) - Date.now()).toBe(ms)
  })

  it('gives up a try that hangs for 20 s, also where the transport is open', async () => {
    const { socket, pass, status } = await setup()
    await pass(20_000)
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
    expect(status()).toBe('reconnecting')
    await pass(1_000)
    expect(socket.connect).toHaveBeenCalledTimes(2)
  })

  it('fetches again, unless the connection recovered', async () => {
    const { socket, server, pass, status } = await setup()
    socket.accept()
    await pass()
    const asked = server.dashboards()
    socket.close()
    await pass(1_000)
    socket.accept({ recovered: true })
    await pass()
    expect(server.dashboards()).toBe(asked)
    expect(status()).toBe('live')
    socket.close()
    await pass(1_000)
    socket.accept()
    await pass()
    expect(server.dashboards()).toBe(asked + 1)
  })

  it('fetches what an earlier fetch failed to, also when it recovered', async () => {
    const { socket, server, pass, status, held } = await setup({ status: 0 })
    expect(held()).toBeUndefined()
    server.answers['/api/dashboard'] = {}
    socket.accept({ recovered: true })
    await pass()
    expect(held()).toBeDefined()
    expect(status()).toBe('live')
  })

  it('is live only when the snapshot is in, and tries that again', async () => {
    const { socket, server, pass, status } = await setup()
    server.answers['/api/dashboard'] = problem(503, 'UNAVAILABLE')
    socket.accept()
    await pass()
    expect(status()).toBe('reconnecting')
    server.answers['/api/dashboard'] = {}
    await pass(5_000)
    expect(status()).toBe('live')
  })

  it('notices a dead connection within 30 s', async () => {
    const { socket, pass, live, status } = await setup()
    socket.accept()
    await pass(15_000)
    socket.beat()
    await pass(29_000)
    expect(status()).toBe('live')
    await pass(1_000)
    expect(status()).toBe('reconnecting')
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
    expect((live().retryAt ?? 0) - Date.now()).toBe(1_000) // one failure, though both sides closed
  })

  it('happens at once on online, when shown, and when the user wants it', async () => {
    const { socket, service, pass } = await setup()
    socket.refuse()
    window.dispatchEvent(new Event('online'))
    expect(socket.connect).toHaveBeenCalledTimes(2)
    socket.refuse()
    setHidden(true)
    setHidden(false)
    expect(socket.connect).toHaveBeenCalledTimes(3)
    socket.refuse()
    void service.refresh()
    expect(socket.connect).toHaveBeenCalledTimes(4)
    await pass()
  })

  it('says offline, and that no longer when the network is back', async () => {
    const { socket, status } = await setup()
    socket.refuse()
    window.dispatchEvent(new Event('offline'))
    expect(status()).toBe('offline')
    window.dispatchEvent(new Event('online'))
    expect(status()).toBe('reconnecting')
  })
})

describe('degraded mode', () => {
  it('begins with the fifth failure since the last connect, each refusal and each close', async () => {
    const { socket, fail, pass, live } = await setup()
    await fail(3)
    socket.accept() // begins the count anew
    await pass()
    socket.close()
    await pass(1_000)
    await fail(3)
    expect(live().degraded).toBeNull()
    await fail(1)
    expect(live().degraded).toBe('failures')
  })

  it('begins as late as the page is told', async () => {
    const { fail, live } = await setup({}, { failuresUntilDegraded: 7 })
    await fail(6)
    expect(live().degraded).toBeNull()
    await fail(1)
    expect(live().degraded).toBe('failures')
  })

  it('is not brought nearer by the page’s own closing', async () => {
    const { socket, fail, rest, pass, live } = await setup()
    socket.accept()
    await pass()
    await rest()
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
    setHidden(false)
    await fail(4)
    expect(live().degraded).toBeNull()
    await fail(1)
    expect(live().degraded).toBe('failures')
  })

  it('polls every 30 to 60 s while it goes on trying to connect', async () => {
    const { socket, fail, server, pass, status } = await setup()
    await fail(5)
    expect(status()).toBe('degraded')
    const asked = server.dashboards()
    const tries = socket.connect.mock.calls.length
    for (let n = 0; n < 10; n++) await fail(1) // 30 s each
    expect(socket.connect.mock.calls.length - tries).toBe(10)
    expect(server.dashboards() - asked).toBeGreaterThanOrEqual(300 / 60)
    expect(server.dashboards() - asked).toBeLessThanOrEqual(300 / 30)
    await pass()
  })

  it('ends when the namespace is connected and its snapshot is in, and with it the polling', async () => {
    let answer: ((answer: Answer) => void) | undefined
    const { socket, fail, server, pass, status } = await setup()
    await fail(5)
    server.answers['/api/dashboard'] = () => new Promise((resolve) => (answer = resolve))
    socket.accept()
    await pass()
    expect(status()).toBe('degraded')
    answer?.({})
    await pass()
    expect(status()).toBe('live')
    const asked = server.dashboards()
    for (let n = 0; n < 20; n++) {
      socket.beat()
      await pass(15_000)
    }
    expect(server.dashboards()).toBe(asked)
  })

  it('takes the place of a session too many, which tries again every 60 s', async () => {
    const { socket, server, pass, live } = await setup()
    socket.refuse('TOO_MANY_SESSIONS')
    await pass()
    expect(live().degraded).toBe('tooManySessions')
    const asked = server.dashboards()
    await pass(59_000)
    expect(socket.connect).toHaveBeenCalledTimes(1)
    expect(server.dashboards()).toBe(asked + 1)
    await pass(1_000)
    expect(socket.connect).toHaveBeenCalledTimes(2)
    socket.refuse('TOO_MANY_SESSIONS')
    await pass(60_000)
    expect(socket.connect).toHaveBeenCalledTimes(3)
    expect(server.dashboards()).toBe(asked + 2)
  })
})

describe('rest', () => {
  it('comes after 60 s hidden, and ends when shown', async () => {
    const { socket, server, pass, status } = await setup()
    socket.accept()
    await pass()
    setHidden(true)
    await pass(20_000)
    socket.beat()
    await pass(20_000)
    socket.beat()
    await pass(19_000)
    expect(socket.disconnect).not.toHaveBeenCalled()
    await pass(1_000)
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
    const asked = server.dashboards()
    await pass(600_000)
    expect(socket.connect).toHaveBeenCalledTimes(1)
    expect(server.dashboards()).toBe(asked)
    setHidden(false)
    expect(socket.connect).toHaveBeenCalledTimes(2)
    socket.accept()
    await pass()
    expect(server.dashboards()).toBe(asked + 1)
    expect(status()).toBe('live')
  })

  it('rests a degraded page’s polling too, and is no failure', async () => {
    const { fail, server, pass, status } = await setup()
    await fail(5)
    setHidden(true)
    await pass(60_000)
    const asked = server.dashboards()
    await pass(600_000)
    expect(server.dashboards()).toBe(asked)
    setHidden(false)
    await pass()
    expect(server.dashboards()).toBe(asked + 1)
    expect(status()).toBe('degraded')
  })
})
