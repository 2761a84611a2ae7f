import { setTimeout as sleep } from 'node:timers/promises'
import { serveApp } from './forked.ts'

/** Stock Probot: what its handler does takes 300 ms, and GitHub hears when that is done. */
const HANDLER_MS = 300

await serveApp((app) => app.on('issue_comment', () => sleep(HANDLER_MS)))
