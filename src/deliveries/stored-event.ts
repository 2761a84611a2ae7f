import { Unavailable, UserError } from '../domain/errors.ts'
import { EVENT_VERSION, type ForgeEvent } from '../events/forge-event.ts'
import { findEvent, isKnown } from '../events/registry.ts'

/** A webhook's delivery as GitHub sent it. */
export interface Delivery {
  guid: string
  /** GitHub's name of the event. */
  name: string
  payload: Record<string, unknown>
  /** Fetched from GitHub's list, where it counts as delivered: it may have been worked on. */
  isAnswered?: boolean
}

/**
 * What the queue holds of something that happened: an event in our own words. The delivery itself is what an
 * older bridge stored, and what is stored of one that cannot be read: a later version may.
 */
export type StoredEvent = { event: ForgeEvent; isAnswered?: boolean } | { delivery: Delivery }

/** Reads a delivery. Undefined of one that nobody acts on; throws UserError where it lacks what its kind must have. */
export function readDelivery({ guid, name, payload }: Delivery): ForgeEvent | undefined {
  const { action } = payload
  const told = findEvent(name, action)?.read(payload)
  const full = typeof action === 'string' ? `${name}.${action}` : name
  return told && { v: EVENT_VERSION, delivery: guid, name: full, ...told }
}

/** Throws UserError for a delivery that cannot be read, Unavailable for what a newer bridge stored. */
export function readStored(stored: StoredEvent): { event: ForgeEvent | undefined; isAnswered: boolean } {
  if ('delivery' in stored)
    return { event: readDelivery(stored.delivery), isAnswered: stored.delivery.isAnswered === true }
  if (stored.event.v > EVENT_VERSION || !isKnown(stored.event))
    throw new Unavailable('a newer version of the bridge stored this event; it waits for one')
  return { event: stored.event, isAnswered: stored.isAnswered === true }
}

/** The same where nothing is to be done about what cannot be read. */
export function readableEvent(stored: StoredEvent): ForgeEvent | undefined {
  try {
    return readStored(stored).event
  } catch (error) {
    if (error instanceof UserError || error instanceof Unavailable) return undefined
    throw error
  }
}
