/**
 * What is used of the client library, in a module of its own so that the bundle contains nothing else of it. Import it
 * only dynamically: it loads slowly, and never on the path of a Pod event.
 */
export { HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
