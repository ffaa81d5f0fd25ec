import { type ReactNode, useState } from 'react';

interface DetailsProps {
  readonly summary: ReactNode;
  readonly className?: string;
  readonly children: () => ReactNode;
}

/** What is shown on request, and made only then: hundreds of rows nobody opens must not delay what is read. */
export function Details({ summary, className, children }: DetailsProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      {...(className === undefined ? {} : { className })}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="num">{summary}</summary>
      {open ? children() : null}
    </details>
  );
}
