@NullMarked
package io.dlion.cluster.security;

import org.jspecify.annotations.NullMarked;
