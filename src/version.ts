/** The version of package.json; a test holds them together, since a bundle cannot read its manifest. */
export const VERSION = '0.1.0';
