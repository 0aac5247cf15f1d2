// The three adapters of Auth.js for PostgreSQL, each on tables of its own layout.

import { DrizzleAdapter } from '@auth/drizzle-adapter'
import PostgresAdapter from '@auth/pg-adapter'
import { PrismaAdapter } from '@auth/prisma-adapter'
import { PrismaPg } from '@prisma/adapter-pg'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { PrismaClient } from '../built/prisma/client'

const made = {
  drizzle: (connectionString) => DrizzleAdapter(drizzle(new Pool({ connectionString }))),
  pg: (connectionString) => PostgresAdapter(new Pool({ connectionString })),
  prisma: (connectionString) => PrismaAdapter(new PrismaClient({ adapter: new PrismaPg({ connectionString }) })),
}

/** The adapter that the environment names, on the database that it names. */
export const adapter = (environment) => made[environment.ADAPTER](environment.DATABASE_URL)
