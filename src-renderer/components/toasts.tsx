import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { ShapeIcon } from './shape-icon.tsx';

type ToastTone = 'good' | 'bad';
interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: ToastTone;
}
interface Toasts {
  readonly say: (text: string, tone?: ToastTone) => void;
}

const ToastContext = createContext<Toasts>({ say: () => undefined });
const SHOWN_MS = 6000;
const MOST = 4;

export function useToasts(): Toasts {
  return useContext(ToastContext);
}

/** Results said in passing. Good news goes after a while; bad news stays until it is dismissed. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const value = useMemo<Toasts>(
    () => ({
      say: (text, tone = 'good') => {
        const id = next.current;
        next.current += 1;
        setToasts((all) => [...all.filter((toast) => toast.text !== text).slice(1 - MOST), { id, text, tone }]);
        if (tone === 'good') setTimeout(() => dismiss(id), SHOWN_MS);
      },
    }),
    [dismiss],
  );
  return (
    <ToastContext value={value}>
      {children}
      <section className="toasts" aria-label="Messages" aria-live="polite" data-react-aria-top-layer="true">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast tone-${toast.tone}`}>
            <ShapeIcon shape={toast.tone === 'good' ? 'check' : 'bang'} />
            <span>{toast.text}</span>
            <Button look="ghost" label={`Dismiss: ${toast.text}`} onPress={() => dismiss(toast.id)}>
              <ShapeIcon shape="cross" />
            </Button>
          </div>
        ))}
      </section>
    </ToastContext>
  );
}
