import { type ReactNode, useEffect, useRef } from 'react';

interface ScreenTitleProps {
  readonly children: ReactNode;
  readonly page: string;
  /** False where another element takes the focus (a list coming back to the row that was open). */
  readonly takeFocus?: boolean;
}

/** A screen's heading. Takes the focus when the screen opens, so that reading and Tab begin there. */
export function ScreenTitle({ children, page, takeFocus = true }: ScreenTitleProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${page} · Causeway`;
  }, [page]);
  useEffect(() => {
    if (takeFocus) ref.current?.focus({ preventScroll: true });
  }, [takeFocus]);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  );
}
