import type { Trouble } from '../bybit/sort-error.ts';

interface Limits {
  limit: number;
  remaining: number;
}

/** One answer of the venue, taken apart; `time` is the venue's, ms. */
export type Answer =
  | { ok: true; result: unknown; time: number; limits?: Limits | undefined }
  | {
      ok: false;
      trouble: Trouble;
      /** In how many ms the venue's limit is free again, by its own clock; `null` where it does not say. */
      resetIn: number | null;
      limits?: Limits | undefined;
    };

/**
 * What became of a bybit-api call. It resolves for every HTTP 200, whatever the body; it throws a
 * plain object for other statuses (which holds key and secret) and an AxiosError (whose headers hold
 * key and signature) for a broken connection: nothing of either is kept but what is named here.
 */
export async function readAnswer(call: Promise<unknown>): Promise<Answer> {
  try {
    return fromBody(await call);
  } catch (thrown) {
    return { ok: false, trouble: fromThrown(thrown), resetIn: null };
  }
}

function fromBody(body: unknown): Answer {
  if (typeof body !== 'object' || body === null) return garbage;
  const { retCode, retMsg, result, time, rateLimitApi } = body as Record<string, unknown>;
  if (typeof retCode !== 'number') return garbage;
  const rate = rateLimitApi as
    | { remainingRequests: number; maxRequests: number; resetAtTimestamp: number }
    | undefined;
  const limits = rate && { limit: rate.maxRequests, remaining: rate.remainingRequests };
  if (retCode !== 0) {
    const text = typeof retMsg === 'string' ? retMsg : '';
    const trouble: Trouble = { from: 'answer', code: retCode, text };
    const resetIn = rate && typeof time === 'number' ? rate.resetAtTimestamp - time : null;
    return { ok: false, trouble, resetIn, limits };
  }
  if (typeof time !== 'number') return garbage;
  return { ok: true, result, time, limits };
}

const garbage: Answer = { ok: false, trouble: { from: 'garbage' }, resetIn: null };

function fromThrown(thrown: unknown): Trouble {
  const { code } = (thrown ?? {}) as { code?: unknown };
  if (typeof code === 'number') return { from: 'http', status: code };
  const name = typeof code === 'string' ? code : '';
  return {
    from: 'network',
    sent: !NEVER_SENT.has(name),
    timedOut: name === 'ECONNABORTED' || name === 'ETIMEDOUT',
  };
}

/** Node's names for a connection that never stood. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
]);
