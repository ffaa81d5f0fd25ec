import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import type { DroppedFile } from './import-alarm.ts';

interface AlarmDropProps {
  /** Whether this person may import: without it nothing lights up, and what is dropped is left alone. */
  readonly allowed: boolean;
  readonly onDrop: (files: readonly DroppedFile[]) => void;
  readonly busy: boolean;
  readonly children: ReactNode;
}

/** Lets an alarm file be dropped anywhere on the screen. The same can be done by "Import alarm…" from the keyboard. */
export function AlarmDrop({ allowed, onDrop, busy, children }: AlarmDropProps) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const carriesFile = (event: DragEvent) => allowed && event.dataTransfer.types.includes('Files');
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop target has no role; the button does the same
    <div
      className="drop"
      onDragEnter={(event) => {
        if (!carriesFile(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (carriesFile(event)) event.preventDefault();
      }}
      onDragLeave={() => {
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDrop={(event) => {
        event.preventDefault();
        leave();
        if (allowed) onDrop([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over ? <div className="drop-hint">Drop one alarm file to import it</div> : null}
      <span className="visually-hidden" role="status">
        {busy ? 'Importing the dropped file…' : ''}
      </span>
    </div>
  );
}
