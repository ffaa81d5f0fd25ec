// The line of a record, cut without being parsed: its bytes are what was hashed.
import { ascii, fromBase64, hasAt } from './bytes.mjs';

const RECORD_START = '{"hash":"';
const SIG_START = '","sig":"';
const SIG_AT = RECORD_START.length + 64;
const PROOF_START = '","proof":[';
const RECORD_TAIL = '"record":';

/** The parts of a record line, cut at their fixed places; null when the line has another form. */
export function cutRecord(line, withProof) {
  if (!hasAt(line, 0, RECORD_START) || !hasAt(line, SIG_AT, SIG_START) || line[line.length - 1] !== 0x7d) return null;
  const hash = ascii(line, RECORD_START.length, SIG_AT);
  const sigAt = SIG_AT + SIG_START.length;
  const sigEnd = line.indexOf(0x22, sigAt);
  if (sigEnd < 0 || !/^[0-9a-f]{64}$/.test(hash)) return null;
  // no signature of this format is longer than 88 characters; what is longer is only looked at for its form
  const sig = sigEnd - sigAt <= 88 ? ascii(line, sigAt, sigEnd) : decodeLatin(line.subarray(sigAt, sigEnd));
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(sig)) return null;
  let at = sigEnd;
  let proof = null;
  if (withProof) {
    if (!hasAt(line, at, PROOF_START)) return null;
    const proofAt = at + PROOF_START.length;
    const proofEnd = line.indexOf(0x5d, proofAt);
    if (proofEnd < 0 || proofEnd - proofAt > 64 * 47) return null;
    proof = readProof(ascii(line, proofAt, proofEnd));
    if (proof === null) return null;
    at = proofEnd - 1;
    if (!hasAt(line, proofEnd, `],${RECORD_TAIL}`)) return null;
  } else if (!hasAt(line, at, `",${RECORD_TAIL}`)) return null;
  const bytes = line.subarray(at + (withProof ? 3 : 2) + RECORD_TAIL.length, line.length - 1);
  return { hash, sig: sig.length === 88 ? fromBase64(sig) : null, proof, bytes };
}

const decodeLatin = (bytes) => new TextDecoder('latin1').decode(bytes);

/** An audit path: base64 texts of 32 bytes, separated by commas; null when it is another text. */
function readProof(text) {
  if (text === '') return [];
  const items = text.split(',');
  const hashes = items.map((item) => (/^"[^"]{44}"$/.test(item) ? fromBase64(item.slice(1, -1)) : null));
  return items.length <= 64 && hashes.every((hash) => hash?.length === 32) ? hashes : null;
}
