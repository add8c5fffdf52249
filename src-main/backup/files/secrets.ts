import { Failure } from '../../domain/failure.ts';

/** Names under which any text is a secret, in lower case without separators. */
const ALWAYS =
  /^(.*(secret|secretkey|privatekey|password|passwd|passphrase|mnemonic|seedphrase|recoveryphrase)|pwd|pin(code)?|otp(secret)?|totp)$/;

/** Names under which a text is a secret when it also looks like one: a token may be a coin. */
const MAYBE =
  /^(.*(apikey|accesskey|authkey|signingkey|encryptionkey|sshkey|token|credentials?|authorization|cookie|webhook(url)?|sessionid)|auth|bearer|session|keyid)$/;

/** Texts that are secrets under any name: all in one pattern, because every text of a file is held against it. */
const SHAPES = new RegExp(
  [
    /^\d{6,12}:[A-Za-z0-9_-]{30,}$/, // Telegram bot
    /^eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./, // JSON web token
    /^(?:Bearer|Basic) [A-Za-z0-9._~+/=-]{16,}$/,
    /^(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{20,}$/,
    /^(?:gh[pousr]_|github_pat_|glpat-|xox[abpors]-|AKIA)[A-Za-z0-9_-]{12,}$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** Nothing shorter has one of these shapes, characters. */
const SHORTEST = 16;

const hasShape = (text: string): boolean =>
  text.length >= SHORTEST &&
  (SHAPES.test(text) || (text.includes('-----BEGIN ') && PRIVATE_KEY.test(text)));

const MASKED = /^[*•.xX<>\s-]*$/;
const ADDRESS = /^0x[0-9a-fA-F]{40,64}$/;

const looksRandom = (text: string): boolean =>
  text.length >= 12 &&
  !/\s/.test(text) &&
  /\d/.test(text) &&
  /[A-Za-z]/.test(text) &&
  !ADDRESS.test(text);

type Kind = 'always' | 'maybe' | 'no';

function kindOf(name: string): Kind {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (ALWAYS.test(plain)) return 'always';
  return MAYBE.test(plain) ? 'maybe' : 'no';
}

/** Whether a value under that name must not lie unencrypted in copy after copy. */
export function isSecret(name: string, value: unknown, kind = kindOf): boolean {
  if (typeof value !== 'string') return false;
  if (hasShape(value)) return true;
  const named = kind(name);
  if (named === 'no' || MASKED.test(value)) return false;
  return named === 'always' || looksRandom(value);
}

/** Refuses a JSON value that holds keys: in the vault they would lie unencrypted, in copy after copy. */
export function refuseSecrets(value: unknown): void {
  // A file has few names, each many times.
  const kinds = new Map<string, Kind>();
  const known = (name: string): Kind => {
    const kind = kinds.get(name) ?? kindOf(name);
    kinds.set(name, kind);
    return kind;
  };
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (Array.isArray(one)) {
      for (const inner of one as unknown[]) {
        if (isSecret('', inner, known)) refuse('');
        if (inner !== null && typeof inner === 'object') left.push(inner);
      }
    } else if (one !== null && typeof one === 'object') {
      const fields = one as Record<string, unknown>;
      for (const name in fields) {
        const inner = fields[name];
        if (isSecret(name, inner, known)) refuse(name);
        if (inner !== null && typeof inner === 'object') left.push(inner);
      }
      // { "name": "apiSecret", "value": "..." }
      const label = fields['name'] ?? fields['key'];
      if (typeof label === 'string' && isSecret(label, fields['value'], known)) refuse(label);
    }
  }
}

function refuse(name: string): never {
  throw new Failure(
    'REFUSED',
    `The file contains keys or passwords ("${name}"), so it is not copied into the backups. Keep it safe elsewhere.`,
  );
}
