/**
 * Who may take part: a private certificate authority, a certificate for each worker, and mutual TLS
 * 1.3 between workers that have one.
 */
@NullMarked
package io.dlion.cluster.security;

import org.jspecify.annotations.NullMarked;
