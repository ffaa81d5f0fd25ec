import { createElement as h, type ReactNode } from 'react';
import { drawHash } from './cells.ts';
import type { CoverProps } from './cover.ts';
import { drawFacts } from './facts.ts';

/** The digest and signature, what they are over, and how anyone computes the report again. */
export function SignedBy({ document, digest, signature }: CoverProps): ReactNode {
  return h(
    'div',
    null,
    drawFacts(
      [
        ['Digest', drawHash(digest, true)],
        ['Signature', signature === null ? 'not signed' : drawHash(signature.value, true)],
        ...(signature === null
          ? []
          : ([
              ['Key', h('code', { className: 'r-id' }, signature.key)],
              ['Algorithm', signature.alg],
            ] as const)),
      ],
      true,
    ),
    h(
      'div',
      { className: 'r-prose' },
      h(
        'p',
        null,
        'The digest is the SHA-256 of the report’s data in canonical JSON (RFC 8785). The signature, by the key that signs the chain, is over the line “causeway-report/1”, the digest in hex, and a line break after each. What is signed is the data: this page is drawn from it, and an HTML file carries it at its end.',
      ),
      h(
        'p',
        null,
        `To compute it again, export the chain up to record ${document.asOf.seq} or later and run: `,
        h('code', { className: 'r-command' }, 'causeway report reperform REPORT --chain FILE'),
        ' It recomputes every figure and names each difference; no account is needed.',
      ),
    ),
  );
}
