import { Failure } from '../../domain/failure.ts';

/** Names under which any text is a secret, in lower case without separators. */
const ALWAYS =
  /^(.*(secret|secretkey|privatekey|password|passwd|passphrase|mnemonic|seedphrase|recoveryphrase)|pwd|pin(code)?|otp(secret)?|totp)$/;

/** Names under which a text is a secret when it also looks like one: a token may be a coin. */
const MAYBE =
  /^(.*(apikey|accesskey|authkey|signingkey|encryptionkey|sshkey|token|credentials?|authorization|cookie|webhook(url)?|sessionid)|auth|bearer|session|keyid)$/;

/** Texts that are secrets under any name. */
const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^\d{6,12}:[A-Za-z0-9_-]{30,}$/, // Telegram bot
  /^eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./, // JSON web token
  /^(Bearer|Basic) [A-Za-z0-9._~+/=-]{16,}$/,
  /^(sk|pk|rk)[-_](live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{20,}$/,
  /^(gh[pousr]_|github_pat_|glpat-|xox[abpors]-|AKIA)[A-Za-z0-9_-]{12,}$/,
];

const MASKED = /^[*•.xX<>\s-]*$/;
const ADDRESS = /^0x[0-9a-fA-F]{40,64}$/;

const looksRandom = (text: string): boolean =>
  text.length >= 12 &&
  !/\s/.test(text) &&
  /\d/.test(text) &&
  /[A-Za-z]/.test(text) &&
  !ADDRESS.test(text);

/** Whether a value under that name must not lie unencrypted in copy after copy. */
export function isSecret(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || MASKED.test(value)) return false;
  if (SHAPES.some((shape) => shape.test(value))) return true;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return ALWAYS.test(plain) || (MAYBE.test(plain) && looksRandom(value));
}

/** Refuses a JSON value that holds keys: in the vault they would lie unencrypted, in copy after copy. */
export function refuseSecrets(value: unknown): void {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (one === null || typeof one !== 'object') continue;
    const fields = one as Record<string, unknown>;
    for (const [name, inner] of Object.entries(fields)) {
      if (isSecret(Array.isArray(one) ? '' : name, inner)) refuse(name);
      if (inner !== null && typeof inner === 'object') left.push(inner);
    }
    // { "name": "apiSecret", "value": "..." }
    const label = fields['name'] ?? fields['key'];
    if (typeof label === 'string' && isSecret(label, fields['value'])) refuse(label);
  }
}

function refuse(name: string): never {
  throw new Failure(
    'REFUSED',
    `The file contains keys or passwords ("${name}"), so it is not copied into the backups. Keep it safe elsewhere.`,
  );
}
