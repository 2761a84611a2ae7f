import { gather } from '../ops/gather.ts'
import type { OperationsStore } from './store.ts'

/** A read by one key that is one statement for all who ask at once. `run` answers in the order of its keys. */
export function readTogether<K, V>(
  run: (store: OperationsStore, keys: readonly K[]) => Promise<readonly V[]>,
): (store: OperationsStore, key: K) => Promise<V> {
  const askers = new WeakMap<OperationsStore, (key: K) => Promise<V>>()
  return (store, key) => {
    const ask = askers.get(store) ?? gather<K, V>((keys) => run(store, keys))
    askers.set(store, ask)
    return ask(key)
  }
}
