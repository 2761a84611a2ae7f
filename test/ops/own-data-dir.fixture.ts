// Owns the folder until it is killed; prints its pid or why it may not.
import { hmacKey, ownDataDir } from '../../src/ops/data-dir.ts'

const [dir = ''] = process.argv.slice(2)
try {
  ownDataDir(dir)
  console.log(JSON.stringify({ pid: process.pid, key: hmacKey(dir).toString('hex') }))
  setInterval(() => {}, 1_000)
} catch (error) {
  console.log(JSON.stringify({ refused: String(error), key: hmacKey(dir).toString('hex') }))
}
