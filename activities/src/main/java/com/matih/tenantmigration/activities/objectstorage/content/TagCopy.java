package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import java.util.Map;

/**
 * Gives a written object its source's tags. Tags can't be written together with the content in a
 * way that all servers read the same, so a second attempt looks at them again.
 */
public final class TagCopy {

  private final TenantObjects objects;

  public TagCopy(TenantObjects objects) {
    this.objects = objects;
  }

  public void copy(ObjectEntry object) {
    Map<String, String> tags = objects.source().tags(object.key());
    if (!tags.isEmpty()) {
      objects.target().putTags(objects.targetKey(object), tags);
    }
  }
}
