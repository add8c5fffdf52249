const REMOVED = '[removed]';

/** Names whose values are never shown, compared without case, dashes and underscores. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'key',
  'apikey',
  'secret',
  'apisecret',
  'sign',
  'signature',
  'xbapisign',
  'xbapiapikey',
  'authorization',
  'cookie',
  'token',
  'password',
  'privatekey',
]);

const PATTERNS: readonly [RegExp, string][] = [
  [/origin_string\[[^\]]*\]?/gi, `origin_string[${REMOVED}]`], // 10004 echoes what was signed
  [/\b[0-9a-f]{64}\b/gi, REMOVED], // HMAC-SHA256 signatures
  [/-----BEGIN[\s\S]*?-----END[^-]*-----/g, REMOVED],
  [
    /((?:x-bapi-(?:sign|api-key)|api_?key|api_?secret|secret|signature|token)["']?\s*[:=]\s*["']?)[^\s"',;&}\]]+/gi,
    `$1${REMOVED}`,
  ],
];

/**
 * The same text, or a plain copy of the same object, with every secret removed: the values in
 * `secrets` wherever they stand, values under a secret's name, signatures, and the echo of a signed
 * string. Used for every log line, error and status that leaves this room.
 */
export function redact<Value>(value: Value, secrets: readonly string[] = []): Value {
  return clean(value, secrets, 0) as Value;
}

function clean(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return cleanText(value, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return REMOVED;
  if (value instanceof Error) return cleanText(value.message, secrets);
  if (Array.isArray(value)) return value.map((item) => clean(item, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      cleanText(name, secrets),
      SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ''))
        ? REMOVED
        : clean(item, secrets, depth + 1),
    ]),
  );
}

function cleanText(text: string, secrets: readonly string[]): string {
  let cleaned = text;
  for (const secret of secrets) {
    if (secret.length > 0) cleaned = cleaned.replaceAll(secret, REMOVED);
  }
  for (const [pattern, replacement] of PATTERNS) cleaned = cleaned.replace(pattern, replacement);
  return cleaned;
}
