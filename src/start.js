#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts main.ts. JavaScript, and without a named import of what older versions lack, for it must get as far as to say
// which Node is needed. Node need not load what takes types out: what it made of our files last time lies in a cache.
// Where that folder cannot be written, all is as without.
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const NEEDED = 24

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `wasteland-bridge needs Node ${NEEDED} or newer, and this is ${process.versions.node}. ` +
      'npm brings a Node of its own: npm ci, then npm start, or npm run wasteland-bridge -- <subcommand>.\n',
  )
  process.exitCode = 1
} else {
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/wasteland-bridge', import.meta.url)))
  await import('./main.ts')
}
