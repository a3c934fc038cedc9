/** The HTTP client, in a module of its own so that it can be loaded with the first call. */
export { Pool } from 'undici';
