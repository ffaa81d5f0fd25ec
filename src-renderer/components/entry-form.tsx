import type { ReactNode } from 'react';

interface EntryFormProps {
  readonly onSubmit: () => Promise<void>;
  readonly children: ReactNode;
}

/** A form that says itself what is wrong, at the field, and stays on the page. */
export function EntryForm({ onSubmit, children }: EntryFormProps) {
  return (
    <form
      className="entry-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}
