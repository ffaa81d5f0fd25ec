/** Where the keychain has the name people gave a workspace. */
export const titleName = (tenant: string) => `tenant.${tenant}.title`;
