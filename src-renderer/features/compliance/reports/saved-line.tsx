import { HashText } from '../../../components/hash-text.tsx';
import { ShapeIcon } from '../../../components/shape-icon.tsx';
import { formatBytes } from '../../../format/numbers.ts';
import type { Saved } from './use-report.ts';

/** Where a file went, and its digest. */
export function SavedLine({ saved, what }: { readonly saved: Saved; readonly what: string }) {
  return (
    <p className="saved-line" role="status">
      <span className="tone-good">
        <ShapeIcon shape="check" />
      </span>
      <span className="wrap">
        {what} written to <code>{saved.file}</code>
        <span className="sub num"> · {formatBytes(saved.bytes)} · digest </span>
        <HashText value={saved.digest} what="Digest of the file" />
      </span>
    </p>
  );
}
