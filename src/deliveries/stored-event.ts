import { Unavailable, UserError } from '../domain/errors.ts'
import { EVENT_VERSION, type ForgeEvent } from '../events/forge-event.ts'
import { findEvent, isKnown } from '../events/registry.ts'

/** A webhook delivery as GitHub sent it. */
export interface Delivery {
  guid: string
  /** GitHub's name of the event. */
  name: string
  payload: Record<string, unknown>
  /** True for one that was fetched from GitHub's list, where it counts as delivered: it may have been handled. */
  isAnswered?: boolean
}

/**
 * The payload of the job of an event. It has the event in our own words. A `delivery` is stored where it cannot be
 * read, because a later version may; an older bridge stored all of them so.
 */
export type StoredEvent = { event: ForgeEvent; isAnswered?: boolean } | { delivery: Delivery }

/** Reads a delivery; undefined for one that we do not handle. Throws UserError where a required field is missing. */
export function readDelivery({ guid, name, payload }: Delivery): ForgeEvent | undefined {
  const { action } = payload
  const told = findEvent(name, action)?.read(payload)
  const full = typeof action === 'string' ? `${name}.${action}` : name
  return told && { v: EVENT_VERSION, delivery: guid, name: full, ...told }
}

/**
 * Reads the payload of a job. Throws UserError for a delivery that cannot be read, and Unavailable for an event that a
 * newer bridge stored.
 */
export function readStored(stored: StoredEvent): { event: ForgeEvent | undefined; isAnswered: boolean } {
  if ('delivery' in stored)
    return { event: readDelivery(stored.delivery), isAnswered: stored.delivery.isAnswered === true }
  if (stored.event.v > EVENT_VERSION || !isKnown(stored.event))
    throw new Unavailable('a newer version of the bridge stored this event; it waits for one')
  return { event: stored.event, isAnswered: stored.isAnswered === true }
}

/** The event in the payload of a job; undefined where it cannot be read. */
export function readableEvent(stored: StoredEvent): ForgeEvent | undefined {
  try {
    return readStored(stored).event
  } catch (error) {
    if (error instanceof UserError || error instanceof Unavailable) return undefined
    throw error
  }
}
