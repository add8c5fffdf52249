import type { Account } from '../engine/state/state.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

/** The JSON a call came with. */
export type Body = Record<string, unknown>;
export type Handler = (world: World, body: Body) => object | Promise<object>;

export const text = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
};

export const numberIn = (body: Body, name: string): number | null => {
  const value = body[name];
  if (value === undefined || value === null) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Refusal(400, `${name} is not a number`);
  return number;
};

/** Throws 404 when there is no such account. */
export function accountIn(world: World, body: Body): Account {
  const name = text(body, 'account');
  const account = world.venue.accounts.find((one) => one.name === name);
  if (account === undefined) {
    const names = world.venue.accounts.map((one) => one.name).join(', ');
    throw new Refusal(404, `no account "${name}": ${names}`);
  }
  return account;
}
