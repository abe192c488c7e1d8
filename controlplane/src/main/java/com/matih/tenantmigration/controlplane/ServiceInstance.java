package com.matih.tenantmigration.controlplane;

/**
 * A process that writes for tenants.
 *
 * @param service the service's name, as requests name it
 * @param instance tells the service's processes apart, and never comes again: a restarted process
 *     is another instance
 */
public record ServiceInstance(String service, String instance) {

  /**
   * An instance.
   *
   * @throws IllegalArgumentException where one of the names is blank
   */
  public ServiceInstance {
    if (service.isBlank() || instance.isBlank()) {
      throw new IllegalArgumentException("A service and its instance need names.");
    }
  }
}
