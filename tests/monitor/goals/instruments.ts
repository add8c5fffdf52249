import { readFileSync } from 'node:fs';
import type { Instrument } from '../../../src-main/domain/instrument.ts';
import { sharedPath } from '../../support/shared.ts';
import { contract } from './facts.ts';

/** Contracts of our own: coarse and fine ticks and steps, and a minimum of several steps. */
const own = [
  ['0.1', '0.001', '0.001'],
  ['0.01', '0.01', '0.01'],
  ['0.0001', '1', '1'],
  ['0.0000001', '100', '1000'],
  ['0.5', '0.0005', '0.001'],
  ['0.05', '0.2', '0.3'],
] as const;

const from = (tickSize: string, quantityStep: string, minQuantity: string): Instrument => ({
  ...contract,
  tickSize,
  quantityStep,
  minQuantity,
  maxMarketQuantity: '1000000000',
  minNotional: null,
});

/** The real table, `null` where it does not lie beside the checkout. */
export function realTable(): Instrument[] | null {
  const path = sharedPath('data', 'instruments-bybit-linear', 'bybit-linear-usdt-merged.csv');
  if (path === null) return null;
  const [, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const [, , , tick = '', step = '', least = ''] = line.split(',');
    return tick === '' || step === '' || least === '' ? [] : [from(tick, step, least)];
  });
}

export const ownTable = (): Instrument[] =>
  own.map(([tick, step, least]) => from(tick, step, least));
