//! The people who live at each face: clients of a recording studio, none of them real.
//!
//! No letter can reach them. Their domains are reserved (RFC 2606), Gmail allows no hyphen in a
//! mailbox's name, and Apple's relay none in what it generates.

use crate::face::Face;
use crate::person::Person;

/// The tenant of every personal Microsoft account.
pub(crate) const CONSUMER_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

const WORK_TENANT: &str = "5d1f8a3e-2b7c-4e60-9a41-c8f03d6b27e5";

/// An ordinary address that two faces know on purpose: Google's first person and Facebook's second.
const SHARED_ADDRESS: &str = "ana-restrepo@gmail.com";

pub(crate) fn people(face: Face) -> Vec<Person> {
    match face {
        Face::Google => google(),
        Face::Facebook => facebook(),
        Face::Apple => apple(),
        Face::Microsoft => microsoft(),
    }
}

fn google() -> Vec<Person> {
    vec![
        Person::new("104729318650274913867", "Ana", "Restrepo")
            .with_email(SHARED_ADDRESS)
            .about("Sings boleros in Bogotá. Facebook knows this address too."),
        Person::new("117305926481735029146", "Julián", "Ortega")
            .with_email("julian@casa-ortega.example")
            .in_workspace("casa-ortega.example")
            .about("Produces records in Medellín, with a workspace account."),
        Person::new("112860437195382640715", "Mariana", "Duarte")
            .with_email("mariana@duarte.example")
            .about("Plays the cello in Lisbon; her address lives elsewhere."),
        Person::new("108214579036418275930", "Nuria", "Campos")
            .with_unverified_email("nuria@campos.example"),
    ]
}

fn facebook() -> Vec<Person> {
    vec![
        Person::new("10226518734902815", "Camila", "Rojas")
            .with_email("camila@rojas.example")
            .about("Leads a gospel choir in Cali."),
        Person::new("10223947105628374", "Ana", "Restrepo")
            .with_email(SHARED_ADDRESS)
            .about("The same address as Google's first person, on purpose."),
        Person::new("10221083659472160", "Tomás", "Quintero"),
    ]
}

fn apple() -> Vec<Person> {
    vec![
        Person::new("000481.6f1c0a9be27d43588e15c3a0d74b92f6.1806", "Santiago", "Vélez")
            .with_email("santiago@velez.example")
            .about("Scores films in Mexico City."),
        Person::new("000927.b83e5d2741f64c0fa9d60e8731c5a42b.0914", "Yuki", "Tanabe")
            .with_email("yuki@tanabe.example")
            .about("Mixes ambient records in Kyoto."),
        Person::new("001354.2ac97e60d5184bb3b70f41e9865dc31a.2217", "Lucía", "Moreno")
            .with_relay_email("lucia-moreno-k7q2@privaterelay.appleid.com"),
    ]
}

fn microsoft() -> Vec<Person> {
    vec![
        Person::new("3c9a6f12-84e7-4d05-b1f8-7a20c95e63d4", "Valentina", "Gómez")
            .with_email("valentina@gomez-films.example")
            .in_tenant(WORK_TENANT)
            .about("Edits documentaries in Barranquilla, with a work account."),
        Person::new("00000000-0000-0000-7be4-19d03f5a8c62", "Diego", "Salazar")
            .with_email("diego@salazar.example")
            .in_tenant(CONSUMER_TENANT)
            .about("Teaches guitar in Quito, with a personal account."),
        Person::new("e71b40d9-5f2a-4c83-96be-08d3a17f54c2", "Rosa", "Herrera")
            .in_tenant(WORK_TENANT),
        Person::new("a84d27c5-1e90-4b36-8f7d-5c02e9b1637a", "Inés", "Prado")
            .with_unverified_email("ines@prado.example")
            .in_tenant(WORK_TENANT),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_person_of_each_face_is_ordinary_and_has_an_address_of_their_own() {
        let first = Face::ALL.map(|face| people(face).swap_remove(0));
        for (position, person) in first.iter().enumerate() {
            assert_eq!(person.failure(), None);
            let twins = first.iter().filter(|other| other.key() == person.key()).count();
            assert_eq!(twins, 1, "person {position} shares an address with another face's first");
        }
    }

    #[test]
    fn exactly_one_other_face_offers_the_shared_address() {
        let owners = Face::ALL
            .into_iter()
            .filter(|face| people(*face).iter().any(|person| person.key() == SHARED_ADDRESS));
        assert_eq!(owners.collect::<Vec<_>>(), [Face::Google, Face::Facebook]);
    }

    #[test]
    fn keys_and_subjects_are_unique_at_a_face_and_google_counts_21_digits() {
        for face in Face::ALL {
            let people = people(face);
            for person in &people {
                let same = |other: &&Person| {
                    other.key() == person.key() || other.subject == person.subject
                };
                assert_eq!(people.iter().filter(same).count(), 1);
            }
        }
        assert!(google().iter().all(|person| person.subject.len() == 21));
    }
}
