/** A part of CycloneDX 1.5, as `npm sbom` prints it. */
interface BillOfMaterials {
  readonly serialNumber?: string;
  readonly metadata: Metadata;
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependencies[];
}

interface Metadata {
  readonly timestamp?: string;
  readonly component: Component;
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly properties?: readonly { readonly name: string }[];
}

interface Dependencies {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/**
 * The bill of materials of `dist/`: what `npm sbom` knows of all installed packages, cut down to those that are bundled.
 * npm cannot know these, since a package of development is bundled as well as any other. Without time and serial number, so that the
 * same packages give the same text.
 *
 * @param text CycloneDX 1.5 as JSON, from `npm sbom`.
 * @param name The project's own name: npm writes that of its folder.
 * @param bundled The bundled packages as `name@version`.
 * @throws Error for a bundled package that npm does not list.
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function bundledSbom(text: string, name: string, bundled: readonly string[]): string {
  const { serialNumber, metadata, components, dependencies, ...others }: BillOfMaterials = JSON.parse(text);
  const { timestamp, component, ...about } = metadata;
  const kept = new Set(bundled);
  const listed = new Set(components.map((each) => each['bom-ref']));
  const missing = bundled.filter((each) => !listed.has(each));
  if (missing.length > 0)
    throw new Error(
      `npm sbom does not list ${missing.join(', ')}: is package-lock.json of this node_modules?`,
    );
  const root = component['bom-ref'];
  return `${JSON.stringify(
    {
      ...others,
      metadata: { ...about, component: { ...component, type: 'application', name } },
      components: components.filter((each) => kept.has(each['bom-ref'])).map(withoutDevelopment),
      dependencies: dependencies
        .filter(({ ref }) => ref === root || kept.has(ref))
        .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
    },
    null,
    2,
  )}\n`;
}

/** Whatever it is to npm, it is part of what runs. */
function withoutDevelopment(component: Component): object {
  const properties = component.properties?.filter(({ name }) => name !== 'cdx:npm:package:development') ?? [];
  return { ...component, scope: 'required', properties };
}
