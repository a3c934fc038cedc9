import { type Post, podEvent, pods } from '../load/pod-events.ts';

/** The next of an endless sequence of events, at a time in Unix milliseconds. */
export type NextEvent = (now: number) => Post;

const restartEvery = 20;
const referenceEvery = 100;

/** A Pod that can be made to show another restart each time. */
export interface PodTemplate {
  /** The Pod, under another `uid`, whose container has ended a second ago. */
  at(number: number, now: number): string;
}

/** Pods of 5 to 12 KB that show a restart. */
export function podTemplates(count: number): readonly PodTemplate[] {
  return pods(count, true).map((json) => {
    const [, head = '', middle = '', tail = ''] =
      /^(.*?"uid":")[^"]+(".*"finishedAt":")[^"]+(".*)$/s.exec(json) ?? [];
    if (tail === '') throw new TypeError('the Pod shows no restart');
    return {
      at(number, now) {
        const uid = `8717cf78-7525-485f-a643-${String(number).padStart(12, '0')}`;
        return `${head}${uid}${middle}${new Date(now - 1000).toISOString().slice(0, 19)}Z${tail}`;
      },
    };
  });
}

/** 1 event in 20 shows a restart that no other has shown, 1 in 100 is a reference to one of the given Pods. */
export function eventSequence(references: readonly string[]): NextEvent {
  const quiet = pods(200, false).map(podEvent);
  const templates = podTemplates(20);
  let sent = 0;
  return (now) => {
    const number = sent++;
    if (number % restartEvery === 0) {
      const template = templates[(number / restartEvery) % templates.length];
      if (template !== undefined) return podEvent(template.at(number, now));
    }
    const reference = references[Math.floor(number / referenceEvery) % references.length];
    if (number % referenceEvery === 1 && reference !== undefined) return referenceEvent(reference);
    const post = quiet[number % quiet.length];
    if (post === undefined) throw new TypeError('there are no Pods');
    return post;
  };
}

function referenceEvent(reference: string): Post {
  const post = podEvent(reference);
  return { ...post, headers: { ...post.headers, 'ce-type': 'dev.knative.apiserver.ref.update' } };
}

export function pingEvent(task: 'reconcile' | 'sweep'): Post {
  const post = podEvent(JSON.stringify({ task }));
  return { ...post, headers: { ...post.headers, 'ce-type': 'dev.knative.sources.ping' } };
}
