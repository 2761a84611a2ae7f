import { createBatcher } from '../../ops/batcher.ts'
import type { OperationsStore } from '../schema.ts'

/** A batched read by one key: concurrent calls become one statement. `run` answers in the order of its keys. */
export function batchedRead<K, V>(
  run: (store: OperationsStore, keys: readonly K[]) => Promise<readonly V[]>,
): (store: OperationsStore, key: K) => Promise<V> {
  const askers = new WeakMap<OperationsStore, (key: K) => Promise<V>>()
  return (store, key) => {
    const ask = askers.get(store) ?? createBatcher<K, V>((keys) => run(store, keys))
    askers.set(store, ask)
    return ask(key)
  }
}

/** The same for the rows of one pull request, by its host and its id there. */
export function batchedReadOfPullRequests<Row extends { host: string; pull_request_id: number }>(
  run: (store: OperationsStore, pulls: { hosts: string[]; ids: number[] }) => Promise<readonly Row[]>,
): (store: OperationsStore, host: string, pullRequestId: number) => Promise<Row[]> {
  const read = batchedRead(async (store, pulls: readonly { host: string; id: number }[]) => {
    const hosts = [...new Set(pulls.map((pull) => pull.host))]
    const rows = await run(store, { hosts, ids: pulls.map((pull) => pull.id) })
    return pulls.map(({ host, id }) => rows.filter((row) => row.host === host && row.pull_request_id === id))
  })
  return (store, host, id) => read(store, { host, id })
}
