import type { Setting } from './setting.ts';
import { namespaceList, text, timeLimit } from './setting-forms.ts';

/** What is read from the API server. */
export const clusterSettings = {
  namespaces: {
    name: 'NAMESPACES',
    summary: 'The namespaces whose Pods are read from the API server; empty for all.',
    form: 'a list of namespaces with commas between them',
    parse: namespaceList,
    fallback: '',
    secret: false,
  },
  podSelector: {
    name: 'POD_SELECTOR',
    summary: 'Only Pods with these labels are read from the API server, as for `kubectl --selector`.',
    form: 'a label selector',
    parse: text,
    fallback: '',
    secret: false,
  },
  kubernetesTimeout: {
    name: 'KUBERNETES_TIMEOUT',
    summary: 'Time limit of one answer of the API server, watches excepted.',
    form: 'a time such as 10s or 1m, above 0 and at most 10m',
    parse: timeLimit,
    fallback: '30s',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;
