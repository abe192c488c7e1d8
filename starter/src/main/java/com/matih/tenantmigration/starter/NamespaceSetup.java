package com.matih.tenantmigration.starter;

import java.util.List;

/**
 * What a namespace was given.
 *
 * @param registered the search attributes that are new
 * @param present those that were there before
 */
public record NamespaceSetup(String namespace, List<String> registered, List<String> present) {
  public NamespaceSetup {
    registered = List.copyOf(registered);
    present = List.copyOf(present);
  }
}
