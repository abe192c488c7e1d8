package com.matih.tenantmigration.embedded;

import java.util.Optional;

/** A Temporal service that somebody else runs. */
public record ExternalTemporal(String address, Optional<String> ui) implements Temporal {

  /** A service whose user interface is not known. */
  public ExternalTemporal(String address) {
    this(address, Optional.empty());
  }

  @Override
  public String description() {
    return "the service at %s, which runs already".formatted(address);
  }

  @Override
  public boolean inMemory() {
    return false;
  }
}
